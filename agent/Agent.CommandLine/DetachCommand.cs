using System.CommandLine;
using Agent.StartupHook;

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

    static int Run(int id)
    {
        if (LateProcess.Find(id) is not { } late)
            return ExitCode.SomethingIsWrong;
        try
        {
            if (late.LoadedHook() is not var (isThere, hook))
                return Say.Wrong($"{late.Name} is not traced: the agent is not there.");
            if (!isThere)
                return late.Wrong($"{hook}, from which the agent was loaded there, has gone");
            var answer = late.Hook.Ask(hook, new LateRequest(LateRequest.Detach, new Dictionary<string, string>()));
            switch (answer?.Word)
            {
                case LateRequest.Done:
                    Console.Out.WriteLine($"{late.Name} is not traced any more.");
                    return ExitCode.Fine;
                case LateRequest.Already:
                    return Say.Wrong($"{late.Name} is not traced.");
                default:
                    return late.Wrong(answer?.Sentence ?? LateProcess.NoAnswer);
            }
        }
        catch (DiagnosticsException e)
        {
            return late.Wrong(e.Message);
        }
    }
}
