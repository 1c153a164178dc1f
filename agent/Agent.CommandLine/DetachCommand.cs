using System.CommandLine;
using Agent.Entry;

namespace Agent.CommandLine;

/// <summary>`agent detach`: tracing off in a process that runs.</summary>
static class DetachCommand
{
    public static Command Make()
    {
        var id = new Argument<int>("PID") { Description = "The process's id; agent check lists them." };
        var command = new Command("detach", "Stop to trace a process that runs: what it has left to send is sent, every patch is taken out.") { id };
        command.SetAction(parsed => Run(parsed.GetValue(id)));
        return command;
    }

    static int Run(int id) => LateProcess.With(id, static late =>
    {
        if (late.LoadedHook() is not var (isThere, hook))
        {
            return late.HasAgent
                ? late.Wrong("it brings the agent in a single file, in which its hook cannot be asked")
                : Say.Wrong($"{late.Name} is not traced: the agent is not there.");
        }
        return isThere
            ? late.Ask(hook, new LateRequest(LateRequest.Detach, new Dictionary<string, string>()), done: static _ => "is not traced any more.", already: "is not traced.")
            : late.Wrong($"{hook}, from which the agent was loaded there, has gone");
    });
}
