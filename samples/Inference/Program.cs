using FlowCore.Inference;
using Inference;

// One study a call; errors are one sentence.
try
{
    switch (args)
    {
        case ["bimodal", .. var flags]:
            BimodalStudy.Run(StudySettings.Read(flags), Console.Out);
            return 0;
        case ["gradients", .. var flags]:
            GradientStudy.Run(StudySettings.Read(flags), Console.Out);
            return 0;
        case ["posterior"]:
            FirstPosterior.Run();
            return 0;
        case ["expectations"]:
            FirstExpectations.Run();
            return 0;
        default:
            Console.Error.WriteLine($"Expected {StudySettings.Usage}.");
            return 2;
    }
}
catch (Exception exception) when (exception is FormatException or ArgumentException or IOException or UnauthorizedAccessException or InvalidTargetException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
