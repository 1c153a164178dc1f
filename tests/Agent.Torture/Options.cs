namespace Agent.Torture;

/// <summary>The command line.</summary>
sealed record Options(IReadOnlyList<string> Assemblies, bool IsSample, bool WantsResults, bool IsTranspiling, bool IsInProcess, bool WantsHelp)
{
    public const string Usage = """
        Patches every method of many assemblies with an empty prefix, postfix and finalizer, lets the JIT compile each new body, runs a workload
        whose results are known after each assembly, takes all patches out, and runs the workload again. Exit code 0: nothing failed.

          --assembly NAME   only this assembly, such as System.Linq; may be repeated
          --sample          three assemblies and the workload without web app and database: some seconds, for the tests
          --transpile       instead of these patches, a transpiler that returns the same instructions
          --results         print what the workload says without patches, then end
          --in-process      in this process, for a debugger; otherwise in a child process, whose end is explained if it crashes
          --help            this text

        """;

    /// <exception cref="FormatException">A sentence about the first argument that is wrong.</exception>
    public static Options Parse(string[] args)
    {
        var options = new Options([], IsSample: false, WantsResults: false, IsTranspiling: false, IsInProcess: false, WantsHelp: false);
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--assembly" when i + 1 < args.Length && !args[i + 1].StartsWith('-') => options with { Assemblies = [.. options.Assemblies, args[++i]] },
                "--assembly" => throw new FormatException("--assembly needs the name of an assembly behind it, such as System.Linq."),
                "--sample" => options with { IsSample = true },
                "--results" => options with { WantsResults = true },
                "--transpile" => options with { IsTranspiling = true },
                "--in-process" => options with { IsInProcess = true },
                "--help" or "-h" => options with { WantsHelp = true },
                var other => throw new FormatException($"{other} is not an option; expected --assembly NAME, --sample, --transpile, --results, --in-process or --help."),
            };
        }
        return options is { IsSample: true, Assemblies: not [] }
            ? throw new FormatException("--sample brings its own assemblies; leave out --assembly or --sample.")
            : options;
    }
}
