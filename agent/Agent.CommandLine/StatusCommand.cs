using System.CommandLine;

namespace Agent.CommandLine;

/// <summary>`agent status`: what the agent in a running process says of itself.</summary>
static class StatusCommand
{
    public static Command Make()
    {
        var process = new Argument<int>("PID") { Description = "The process's id; agent check lists them." };
        var command = new Command("status", "Show what the agent in a running process does: settings, patches, spans.") { process };
        command.SetAction(parsed =>
        {
            var found = DotnetProcess.Find(parsed.GetValue(process));
            Console.WriteLine(found?.SocketPath + " " + found?.App + " " + found?.HasRuntime + found?.HasHook + found?.HasAgent);
            Console.WriteLine(AgentAnswer.Ask(new DiagnosticsPort(found!.SocketPath!)));
            return 0;
        });
        return command;
    }
}
