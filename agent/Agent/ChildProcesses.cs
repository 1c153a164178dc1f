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
        if (hooks is null || Without(hooks) is var others && others == hooks)
            return;
        Environment.SetEnvironmentVariable(Variable, others); // null removes it
        Log.Debug($"child processes are not traced: {Variable} is now {others ?? "not set"}");
    }

    /// <summary>The list without the agent; null if nothing is left.</summary>
    internal static string? Without(string hooks)
    {
        var others = new List<string>();
        var isAnyLeft = false;
        foreach (var hook in hooks.Split(Path.PathSeparator))
        {
            if (IsAgent(hook))
                continue;
            others.Add(hook);
            isAnyLeft |= hook.Length > 0; // the host passes over empty ones
        }
        return isAnyLeft ? string.Join(Path.PathSeparator, others) : null;
    }

    /// <summary>
    /// A full path or an assembly's name, as the host takes them. Compared by name, because the folder may be spelled in many ways and two
    /// assemblies of one name cannot be loaded as hooks anyway.
    /// </summary>
    static bool IsAgent(string hook)
    {
        var name = Path.GetFileName(hook);
        return name.Equals("Agent.StartupHook.dll", StringComparison.OrdinalIgnoreCase) || name.Equals("Agent.StartupHook", StringComparison.OrdinalIgnoreCase);
    }
}
