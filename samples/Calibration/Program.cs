using Calibration;

// One study a call; errors are one sentence.
try
{
    switch (args)
    {
        case ["null", .. var flags]:
            CalibrationStudy.Null(StudySettings.Read(flags), Console.Out);
            return 0;
        case ["power", .. var flags]:
            CalibrationStudy.Power(StudySettings.Read(flags), Console.Out);
            return 0;
        case ["coverage"]:
            CalibrationStudy.Coverage(Console.Out);
            return 0;
        case ["speed", .. var models] when models.Length < 2:
            SpeedStudy.Run(Console.Out, models.FirstOrDefault());
            return 0;
        case ["report", var page]:
            FirstReport.Run(page);
            return 0;
        default:
            Console.Error.WriteLine($"Expected {StudySettings.Usage}.");
            return 2;
    }
}
catch (Exception exception) when (exception is FormatException or ArgumentException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
