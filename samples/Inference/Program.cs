using Inference;

return InferenceApplication.RunProcess(args);
