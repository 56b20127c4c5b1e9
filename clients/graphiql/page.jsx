// The page: a token held in memory alone, documents to begin with, and GraphiQL asking the gateway that served it.

import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { useState } from "react";

const MODERN = "application/graphql-response+json";

// In place of the browser's storage: what was asked and answered is gone with the page, like the token.
const kept = new Map();
const storage = {
  get length() {
    return kept.size;
  },
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, text) => void kept.set(name, text),
  removeItem: (name) => void kept.delete(name),
  clear: () => kept.clear(),
};

// The one token there is: held here and nowhere else, so that what is asked is asked with it and with no earlier one.
let held = "";

// Asks the gateway; whatever it answers is shown, a refusal too.
async function ask(body) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { authorization: `Bearer ${held}`, "content-type": "application/json", accept: MODERN },
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    referrerPolicy: "no-referrer",
  });
  return answer.json();
}

// Returns whose schema a token opens. It only chooses what is shown first: who asks is the gateway's to say.
function audienceOf(token) {
  try {
    const claims = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(atob(claims)).cg_audience ?? "client";
  } catch {
    return "client";
  }
}

function Page({ examples }) {
  const [asked, setAsked] = useState({ turn: 0, audience: "" });
  const submitted = (event) => {
    event.preventDefault();
    const field = event.target.elements.token;
    held = field.value.trim();
    field.value = "";
    storage.clear();
    setAsked({ turn: asked.turn + 1, audience: audienceOf(held) });
  };
  return (
    <>
      <form className="token" onSubmit={submitted}>
        <label htmlFor="token">Access token</label>
        <input id="token" name="token" type="password" autoComplete="off" spellCheck="false" required />
        <button type="submit">Use it</button>
        <span role="status">
          {asked.turn ? `Asking as: ${asked.audience}` : "It is held by this page alone, until you leave it."}
        </span>
      </form>
      {asked.turn > 0 && (
        <Asking key={asked.turn} examples={examples.filter((one) => one.audience === asked.audience)} />
      )}
    </>
  );
}

function Asking({ examples }) {
  const tabs = examples.map((one) => ({ query: `# ${one.said}\n${one.query}` }));
  return (
    <main>
      <GraphiQL
        fetcher={ask}
        storage={storage}
        defaultTabs={tabs.length ? tabs : undefined}
        isHeadersEditorEnabled={false}
        showPersistHeadersSettings={false}
        shouldPersistHeaders={false}
        schemaDescription
      >
        <GraphiQL.Logo>Consent Gateway</GraphiQL.Logo>
      </GraphiQL>
    </main>
  );
}

const examples = await (await fetch("/graphiql/examples.json", { credentials: "omit" })).json();
createRoot(document.getElementById("page")).render(<Page examples={examples} />);
