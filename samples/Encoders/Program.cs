using Encoders;

return EncodersApplication.RunProcess(args);
