// What `graphql-codegen` does with `codegen.ts`, without its command line, which does not run on Node 18:
// preset `client`, `persistedDocuments: { hashAlgorithm: 'sha256' }`, every scalar a string.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import { preset } from '@graphql-codegen/client-preset';
import { buildSchema, parse } from 'graphql';

const [sdl, documents, folder] = process.argv.slice(2);
const read = (path) => readFileSync(path, 'utf8');

const config = { strictScalars: true, useTypeImports: true, scalars: Object.fromEntries(
  ['AttributeKey', 'CategoryKey', 'ChannelKey', 'DateTime', 'PurposeKey'].map((name) => [name, 'string']),
) };

const files = await preset.buildGeneratesSection({
  baseOutputDir: `${folder}/`,
  schema: parse(read(sdl)),
  schemaAst: buildSchema(read(sdl)),
  documents: [{ location: resolve(documents), document: parse(read(documents)), rawSDL: read(documents) }],
  config,
  presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } },
  plugins: [],
  pluginMap: {},
});

for (const file of files) {
  mkdirSync(dirname(file.filename), { recursive: true });
  writeFileSync(file.filename, await codegen(file));
}
