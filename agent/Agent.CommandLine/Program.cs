using System.CommandLine;

namespace Agent.CommandLine;

/// <summary>The program `agent`. Each command is a file of its own that makes a <see cref="Command"/>; here is the list of them.</summary>
static class Program
{
    /// <returns>The exit code: 0 fine, 1 something is wrong, 2 wrong usage; that of the program for `run`.</returns>
    static int Main(string[] args)
    {
        AgentFolder.ResolveAssemblies();
        return Run(args);
    }

    /// <summary>The whole command line. More commands go here.</summary>
    internal static RootCommand Root() => new("Traces .NET apps without touching them: starts them with the agent, and says why there is no data.")
    {
        RunCommand.Make(),
    };

    static int Run(string[] args)
    {
        var parsed = Root().Parse(args);
        var code = parsed.Invoke();
        return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : code;
    }
}
