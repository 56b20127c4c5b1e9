"""The catalogue of the histories: one attribute whose value is the number of its write, and two who may be let see it.

Writing it needs no yes (a contract), so that a value may be written right after a withdrawal; reading it for `share`
needs one, at the house's own app and at a brand, each by itself.
"""

HOUSE, BRAND = "house", "brand"
KEY, WRITTEN_FOR, READ_FOR = "fit.size", "serve", "share"
MOST = 1_000_000_000

FILES = {
    "categories.csv": "key,parent,sensitivity\nfit,,S2\n",
    "purposes.csv": "key,parent,leaf,legal_bases,consent_only\nserve,,1,contract,0\nshare,,1,consent,1\n",
    "channels.csv": (
        "id,shared_by_default,can_be_private,max_sensitivity_to_ask,max_sensitivity_to_release,max_assurance\n"
        "phone,no,1,S4,S4,2\nserver,no,0,S0,S3,0\n"
    ),
    "recipients.csv": "id,group,third_party,region,clients\nhouse,,0,XX,front;desk\nbrand,,1,XX,shop\n",
    "attributes.csv": (
        "key,category,kind,sensitivity,origin,rungs,purposes,channels,min,max,ladder,graphql_type,graphql_field,wave,"
        "exposed,default_fidelity\n"
        f"fit.size,fit,FLOAT,S2,declared,NONE;PRECISE,serve;share,phone;server,0,{MOST},"
        '"{""NONE"":{},""PRECISE"":{}}",Fit,size,v1,1,PRECISE\n'
    ),
    "register.csv": (
        "recipient,purpose,category,operation,basis,retention_days,region\n"
        "house,serve,fit,COLLECT,CONTRACT,365,XX\nhouse,serve,fit,USE,CONTRACT,365,XX\n"
        "house,share,fit,USE,CONSENT,365,XX\nbrand,share,fit,DISCLOSE,CONSENT,365,XX\n"
    ),
    "jurisdictions.csv": "code,parent,regime_personalize\nXX,,CONSENT\n",
    "law.csv": (
        "jurisdiction,purpose,category_class,operation,age_band,recipient_region,regime,max_age_days,min_assurance,"
        "source\nXX,*,ordinary,*,*,*,NOTICE_ONLY,,,Act 1\n"
    ),
    "notices.csv": "id,version,catalogue_version,effective_from,cells\nn1,1,1,2026-01-01,\n",
    "notices/n1.1.en.md": "# Of sizes\n\nWe ask first.\n",
}
