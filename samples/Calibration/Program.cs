using Calibration;

return CalibrationApplication.RunProcess(args);
