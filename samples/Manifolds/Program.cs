using ManifoldsSample;

return ManifoldsApplication.RunProcess(args);
