using System.CommandLine;
using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]

namespace Agent.CommandLine;

/// <summary>The program `agent`. Each command is a file of its own that makes a <see cref="Command"/>; here is the list of them.</summary>
static class Program
{
    /// <returns>The exit code: 0 fine, 1 something is wrong, 2 wrong usage; that of the program for `run`.</returns>
    static int Main(string[] args)
    {
        AgentFolder.ResolveAssemblies();
        var (own, program) = RunCommand.Split(args);
        return RunCommand.RunPlain(own, program) ?? Run(own, program);
    }

    /// <summary>The whole command line. More commands go here.</summary>
    /// <param name="program">What `run` is to start.</param>
    internal static RootCommand Root(string[]? program = null)
    {
        var root = new RootCommand("Traces .NET apps without touching them: starts them with the agent, shows the traces, and says why there are none.")
        {
            RunCommand.Make(program),
            CheckCommand.Make(),
            AttachCommand.Make(),
            DetachCommand.Make(),
            StatusCommand.Make(),
            ViewCommand.Make(),
            CompletionsCommand.Make(),
        };
        Help.AddExamples(root);
        return root;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static int Run(string[] own, string[]? program)
    {
        var parsed = Root(program).Parse(own, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count == 0)
            return parsed.Invoke();
        foreach (var error in parsed.Errors)
            Say.Error(error.Message);
        return Say.WrongUsage($"agent {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help says what is understood.");
    }
}
