using System.CommandLine;

namespace Agent.CommandLine;

/// <summary>`agent run`: starts a program with the variables that make it be traced.</summary>
static class RunCommand
{
    public static Command Make()
    {
        var command = new Command("run", "Start a program that is traced.");
        command.SetAction(static _ => ExitCode.Fine);
        return command;
    }
}
