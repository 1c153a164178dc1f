using Agent.Entry;

namespace Agent;

/// <summary>
/// The programs that the app starts. They inherit its environment, and with it DOTNET_STARTUP_HOOKS; unless they are to be traced too, the
/// agent takes itself out of there. The host has read the variable before, so this process and the hooks listed after ours miss nothing.
/// </summary>
static class ChildProcesses
{
    const string Variable = "DOTNET_STARTUP_HOOKS";

    /// <summary>From now on, what the app starts starts without the agent.</summary>
    public static void Exclude()
    {
        var hooks = Environment.GetEnvironmentVariable(Variable);
        if (hooks is null || Hooks.Without(hooks) is var others && others == hooks)
            return;
        Environment.SetEnvironmentVariable(Variable, others); // null removes it
        Log.Debug($"child processes are not traced: {Variable} is now {others ?? "not set"}");
    }
}
