// Reads Kubernetes manifests (YAML) from standard input, validates each against Kubernetes' schemas and writes them as JSON. Ends with 1 and
// says why if one is not valid. Its packages are in the folder that is its argument.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.argv[2]}/package.json`);
const documents = require('yaml').parseAllDocuments(readFileSync(0, 'utf8'), { strict: true, uniqueKeys: true });
const manifests = [];
for (const document of documents) {
  for (const error of document.errors) throw error;
  const manifest = document.toJS();
  const models = await import(pathToFileURL(`${process.argv[2]}/node_modules/kubernetes-models/${manifest.apiVersion}/index.js`));
  const Model = models[manifest.kind];
  try {
    new Model(manifest).validate();
  } catch (error) {
    console.error(`${manifest.kind} ${manifest.metadata?.name}: ${error.message}`);
    process.exitCode = 1;
  }
  manifests.push(manifest);
}
console.log(JSON.stringify(manifests));
