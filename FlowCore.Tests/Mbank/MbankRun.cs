using FlowCore.Tests.Cli;
using Mbank;

namespace FlowCore.Tests.Mbank;

/// <summary>Runs command lines of mbank as its process would.</summary>
internal static class MbankRun
{
    private static readonly CommandRun _runs = new(MbankProgram.Run);

    /// <summary>Runs a command line.</summary>
    public static (int Code, string Output, string Error) Run(params string[] args) => _runs.Run(args);

    /// <summary>Runs a command line that must succeed without a word on the error stream.</summary>
    public static string Succeed(params string[] args) => _runs.Succeed(args);

    /// <summary>Runs a command line that must fail with one sentence, which is returned.</summary>
    public static string Fail(int code, params string[] args) => _runs.Fail(code, args);
}
