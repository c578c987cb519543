// Cuts the schemas that our endpoints need out of the OpenAPI document of github.com/openai/openai-openapi, without its prose:
//   node cut.mjs openapi.json >openai-api.json
import { readFileSync } from "node:fs";

const roots = [
  "ListModelsResponse", "Model",
  "CreateChatCompletionRequest", "CreateChatCompletionResponse", "CreateChatCompletionStreamResponse",
  "CreateEmbeddingRequest", "CreateEmbeddingResponse",
  "CreateResponse", "Response", "ResponseStreamEvent", "ResponsesServerEvent", "ResponseWsError", "ResponseItemList", "TokenCountsBody", "TokenCountsResource",
  "CreateConversationBody", "UpdateConversationBody", "ConversationResource", "DeletedConversationResource", "ConversationItem", "ConversationItemList",
  "OpenAIFile", "ListFilesResponse", "DeleteFileResponse", "FileExpirationAfter", "Upload", "UploadPart", "CreateUploadRequest", "CompleteUploadRequest",
  "CreateVectorStoreRequest", "UpdateVectorStoreRequest", "VectorStoreObject", "ListVectorStoresResponse", "DeleteVectorStoreResponse",
  "CreateVectorStoreFileRequest", "UpdateVectorStoreFileAttributesRequest", "VectorStoreFileObject", "ListVectorStoreFilesResponse", "DeleteVectorStoreFileResponse",
  "VectorStoreFileContentResponse", "CreateVectorStoreFileBatchRequest", "VectorStoreFileBatchObject", "VectorStoreSearchRequest", "VectorStoreSearchResultsPage",
  "ErrorResponse",
];
const prose = new Set(["description", "title", "default", "example", "examples", "format", "deprecated", "externalDocs", "$recursiveAnchor"]);
const prefix = "#/components/schemas/";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
const kept = {};
const wanted = [...roots];
while (wanted.length > 0) {
  const name = wanted.pop();
  if (name in kept) continue;
  if (!(name in document.components.schemas)) throw new Error(`The document has no schema ${name}.`);
  kept[name] = schema(document.components.schemas[name], name);
}

// One line each, so that a newer document shows what it changed.
const lines = Object.keys(kept).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify(kept[name])}`);
const info = { origin: "https://github.com/openai/openai-openapi", version: document.info.version, license: "MIT, see LICENSE beside this file" };
process.stdout.write(`{"info":${JSON.stringify(info)},\n"schemas":{\n${lines.join(",\n")}\n}}\n`);

function schema(value, owner) {
  if (Array.isArray(value)) return value.map((entry) => schema(entry, owner));
  if (typeof value !== "object" || value === null) return value;
  const result = {};
  for (const [key, entry] of Object.entries(value)) {
    if (key === "$ref") {
      wanted.push(entry.slice(prefix.length));
      result.$ref = entry.slice(prefix.length);
    } else if (key === "$recursiveRef") {
      result.$ref = owner;
    } else if (key === "properties") {
      result.properties = Object.fromEntries(Object.entries(entry).map(([name, property]) => [name, schema(property, owner)]));
    } else if (!prose.has(key) && !key.startsWith("x-")) {
      result[key] = schema(entry, owner);
    }
  }
  return result;
}
