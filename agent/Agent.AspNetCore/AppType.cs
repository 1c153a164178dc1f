using System.Reflection;
using System.Runtime.CompilerServices;

namespace Agent.AspNetCore;

/// <summary>Tells the app's and packages' own types from the framework's, which are plumbing.</summary>
static class AppType
{
    /// <summary>How the names of the framework's assemblies begin.</summary>
    public const string Framework = "Microsoft.AspNetCore.";

    static readonly object App = new(), Plumbing = new();

    /// <summary>An assembly makes its name anew each time it is asked.</summary>
    static readonly ConditionalWeakTable<Assembly, object> Assemblies = [];

    public static bool Is(Type type) => Assemblies.GetValue(type.Assembly, static assembly => assembly.GetName().Name is { } name
        && (name.StartsWith(Framework, StringComparison.Ordinal) || name == "Yarp.ReverseProxy") ? Plumbing : App) == App;

    /// <summary>«OpeningHours» for OpeningHoursFilter and OpeningHoursAttribute.</summary>
    public static string Shorten(string name, params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal))
                name = name[..^ending.Length];
        }
        return name;
    }
}
