"use strict";
/**
 * What keeps third parties from writing on a user's console: the AWS SDK's notice about the Node version,
 * CDKTF's and Terraform's calls home, and ts-node's dependency's cache in the folder for temporary files.
 */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
process.env.CHECKPOINT_DISABLE ??= "1";
process.env.CDKTF_DISABLE_PLUGIN_CACHE_ENV ??= "1";
process.env.DISABLE_V8_COMPILE_CACHE ??= "1";
