using Mbank;

return MbankProgram.RunProcess(args);
