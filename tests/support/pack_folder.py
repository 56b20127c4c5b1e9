"""A small catalogue pack with none of the reference pack's keys, written to a directory, whole or with one change."""

from pathlib import Path

LADDER = (
    '"{""NONE"":{},""EFFECT_ONLY"":{""field"":""goEasy"",""op"":""in"",""value"":[""new""]},'
    '""CATEGORY"":{""transform"":""group"",""map"":{""new"":""learning"",""old"":""able""}},""PRECISE"":{}}"'
)
REACH = (
    '"{""NONE"":{},""CATEGORY"":{""transform"":""band"",""edges"":[0,10,20]},'
    '""COARSE"":{""transform"":""round"",""step"":5},""NOISED"":{""mechanism"":""bounded_laplace"",'
    '""low"":0,""high"":40,""sensitivity"":40,""epsilon"":[0.5,1]},""PRECISE"":{}}"'
)
TUNES = '"{""NONE"":{},""CATEGORY"":{""transform"":""ancestor"",""level"":""shelf""},""PRECISE"":{}}"'

FILES = {
    "categories.csv": "key,parent,sensitivity,art9\nhobby,,S1,\nhobby.skill,hobby,S2,\nlimb,,S3,health\n",
    "purposes.csv": (
        "key,parent,leaf,legal_bases,consent_only\nplay,,0,,\nplay.match,play,1,consent,1\nrun,,1,contract,0\n"
    ),
    "channels.csv": (
        "id,shared_by_default,can_be_private,max_sensitivity_to_ask,max_sensitivity_to_release,max_assurance\n"
        "goggles,no,1,S4,S4,2\nbackend,no,0,S0,S3,0\n"
    ),
    "recipients.csv": "id,group,third_party,region,clients\nhouse,,0,XX,front\nacme,acme_group,1,XY,shop;till\n",
    "attributes.csv": (
        "key,category,kind,sensitivity,origin,rungs,purposes,channels,enum_values,min,max,ladder,graphql_type,"
        "graphql_field,derived_from,wave,exposed,default_fidelity\n"
        f"hobby.level,hobby.skill,ENUM,S2,declared,NONE;EFFECT_ONLY;CATEGORY;PRECISE,play.match;run,goggles;backend,"
        f"new;old,,,{LADDER},Hobby,level,,v1,1,PRECISE\n"
        "limb.swing,limb,SENSOR,S3,observed,NONE,,,,,,,,,,v1,1,\n"
        f"limb.reach,limb,FLOAT,S3,derived,NONE;CATEGORY;COARSE;NOISED;PRECISE,play.match,goggles,,0,40,{REACH},"
        "Limb,reach,limb.swing,v1,1,NOISED\n"
        f"hobby.tunes,hobby,LIST,S2,declared,NONE;CATEGORY;PRECISE,play.match,goggles,,0,3,{TUNES},Hobby,tunes,,v2,1,\n"
    ),
    "lineage.csv": "attribute,source,rule,masks\nlimb.reach,limb.swing,largest swing,limb\n",
    "register.csv": (
        "recipient,purpose,category,operation,basis,retention_days,region\n"
        "house,play,hobby,USE,CONSENT,30,XX\nacme,play.match,hobby.skill,DISCLOSE,LEGITIMATE_INTERESTS,,XY\n"
    ),
    "jurisdictions.csv": "code,parent,regime_personalize\nXX,,CONSENT\nXX-1,XX,\nXY,,\n",
    "law.csv": (
        "# not legal advice\n"
        "jurisdiction,purpose,category_class,operation,age_band,recipient_region,regime,max_age_days,min_assurance,"
        "guardian,art9_ground,in_force_from,source\n"
        "XX,play,ordinary,*,*,*,CONSENT,365,0,0,,2020-01-01,Act 1\n"
        "XX-1,*,special,SELL,CHILD,XY,PROHIBITED,,2,1,9(2)(h),2027-02-28T12:00:00Z,Act 2\n"
        "*,run,*,USE,*,*,NOTICE_ONLY,,,,,,Act 3\n"
    ),
    "notices.csv": (
        "id,version,catalogue_version,effective_from,cells\n"
        "n1,1,1,2026-01-01,\n"
        'n1,2,2,2026-06-01T00:00:00Z,"[{""purpose"":""play"",""operation"":""USE"",""material"":false}]"\n'
    ),
    "notices/n1.1.en.md": "# Of hobbies\n\nWe ask first.\n",
    "notices/n1.1.de-AT.md": "# Von Hobbys\n\nWir fragen vorher.\n",
    "vocabularies/shelf.csv": "word,ancestor\nwaltz,dance\npolka,dance\n",
    "places.csv": "place,level,within,point\nnorth,land,,50;10;0\nharbour,town,north,\n",
    "people.csv": "id,name,residence,age_band,guardian\nada,Ada,XX,ADULT,\nbo,Bo,XX,CHILD,ada\n",
    "people_devices.csv": "person,device,name,kind,channel,shared,attested\nada,d1,Box,HEADSET,goggles,1,0\n",
    "people_values.csv": (
        "person,attribute,value,purpose\nada,hobby.level,old,run\nbo,hobby.tunes,waltz;polka,play.match\n"
    ),
    "devices.csv": "id,channel,eye_tracking,ipd_min_mm,ipd_max_mm\nbox,goggles,1,50,60\n",
}
REQUIRED = (
    "categories.csv",
    "purposes.csv",
    "channels.csv",
    "recipients.csv",
    "attributes.csv",
    "register.csv",
    "law.csv",
    "notices.csv",
)


def written(folder: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """Write a pack, by default the whole one, and return its directory."""
    for name, content in (FILES if files is None else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """Write the whole pack with one change; `old` must stand in the file exactly once."""
    assert FILES[file].count(old) == 1, f"`{old}` must stand once in {file}"
    return written(folder, FILES | {file: FILES[file].replace(old, new)})
