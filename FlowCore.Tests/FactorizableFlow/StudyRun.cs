using FactorizableFlow.Application;
using FlowCore.Tests.Cli;

namespace FlowCore.Tests.FactorizableFlow;

/// <summary>Runs command lines of the study as its process would.</summary>
internal static class StudyRun
{
    private static readonly CommandRun _runs = new(
        StudyApplication.Run, line => line.StartsWith("Warning: The residual is closer to no response", StringComparison.Ordinal));

    /// <summary>Runs a command line.</summary>
    public static (int Code, string Output, string Error) Run(params string[] args) => _runs.Run(args);

    /// <summary>Runs a command line that must succeed without a word on the error stream, but for the warning that a residual of a few steps deserves.</summary>
    public static string Succeed(params string[] args) => _runs.Succeed(args);

    /// <summary>Runs a command line that must fail with one sentence, which is returned.</summary>
    public static string Fail(int code, params string[] args) => _runs.Fail(code, args);
}
