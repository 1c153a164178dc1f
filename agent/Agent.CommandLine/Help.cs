using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Agent.CommandLine;

/// <summary>What `--help` says of each command ends with examples and the exit codes.</summary>
static class Help
{
    static readonly Dictionary<string, string[]> Examples = new()
    {
        ["agent"] = ["agent run -- dotnet MyApp.dll", "agent check bin/Debug/net10.0/MyApp.dll", "agent status 4711 --follow", "agent view"],
        ["attach"] =
        [
            "agent attach 4711",
            "agent attach 4711 --otlp http://collector:4318 --sample 0.1 --for 10m",
        ],
        ["detach"] = ["agent detach 4711"],
        ["run"] =
        [
            "agent run -- dotnet MyApp.dll",
            "agent run --view -- dotnet run --project src/MyApp",
            "agent run --env Preview --otlp http://collector:4318 --set AGENT_IGNORE_PATHS=/health -- ./MyApp --urls http://+:8080",
        ],
        ["check"] =
        [
            "agent check",
            "agent check bin/Release/net10.0/publish/MyApp.dll",
            "agent check 4711",
            "agent check 4711 --json | jq .findings",
        ],
        ["status"] = ["agent status 4711", "agent status 4711 --follow", "agent status 4711 --json | jq .exporters"],
        ["view"] = ["agent view", "agent view --tree", "agent view --data ~/traces --memory 1GiB", "AGENT_VIEWER_TOKEN=secret agent view --listen any"],
        ["completions"] = ["eval \"$(agent completions bash)\"", "agent completions fish | source"],
    };

    public static void AddExamples(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new WithExamples((HelpAction)option.Action!);
    }

    sealed class WithExamples(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => usual.ClearsParseErrors;

        public override int Invoke(ParseResult parseResult)
        {
            usual.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            var command = parseResult.CommandResult.Command;
            if (Examples.TryGetValue(command is RootCommand ? "agent" : command.Name, out var examples))
            {
                output.WriteLine("Examples:");
                foreach (var example in examples)
                    output.WriteLine($"  {example}");
                output.WriteLine();
            }
            output.WriteLine(command.Name == "run"
                ? "Exit code: that of the program; 1 the agent cannot be used, 2 wrong usage, 126 the program may not be started, 127 there is none."
                : "Exit code: 0 fine, 1 something is wrong, 2 wrong usage.");
            return 0;
        }
    }
}
