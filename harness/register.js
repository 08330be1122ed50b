"use strict";
/** Lets plain `node` run the project's TypeScript: types are stripped, not checked (`npm run types` checks them). */
require("./quiet.js");
require("ts-node").register({ swc: true, project: require("node:path").join(__dirname, "..", "tsconfig.json") });
