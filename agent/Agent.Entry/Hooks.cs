using System;
using System.Collections.Generic;
using System.IO;

namespace Agent.Entry;

/// <summary>The value of DOTNET_STARTUP_HOOKS: full paths or assemblies' names, in a list as PATH has it.</summary>
internal static class Hooks
{
    /// <summary>The hook's assembly, and the same as an app has it that brings the agent (build/package). Of one name they would be one: the host takes the app's own for the file
    /// that the variable names, and ends the app if that is newer.</summary>
    public const string Name = "Agent.StartupHook", NameInPackage = "Agent.PackagedHook";

    /// <summary>The list without the agent; null if nothing is left.</summary>
    public static string? Without(string hooks)
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

    /// <summary>The list with this agent, and no other of ours, before what else is there.</summary>
    public static string With(string agent, string? hooks) =>
        hooks != null && Without(hooks) is { } others ? agent + Path.PathSeparator + others : agent;

    /// <summary>
    /// Whether it is the agent's. Compared by name, because the folder may be spelled in many ways and two assemblies of one name cannot be loaded as
    /// hooks anyway.
    /// </summary>
    public static bool IsAgent(string hook)
    {
        var name = Path.GetFileName(hook);
        return name.Equals(Name + ".dll", StringComparison.OrdinalIgnoreCase) || name.Equals(Name, StringComparison.OrdinalIgnoreCase);
    }
}
