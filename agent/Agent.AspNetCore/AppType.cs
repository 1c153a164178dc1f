namespace Agent.AspNetCore;

/// <summary>Tells the app's and packages' own types from the framework's, which are plumbing.</summary>
static class AppType
{
    /// <summary>How the names of the framework's assemblies begin.</summary>
    public const string Framework = "Microsoft.AspNetCore.";

    public static bool Is(Type type) => type.Assembly.GetName().Name is not { } name || (!name.StartsWith(Framework, StringComparison.Ordinal) && name != "Yarp.ReverseProxy");

    /// <summary>A type in span names: without the arity of a generic one.</summary>
    public static string NameOf(Type type) => type.Name.IndexOf('`') is var arity and > 0 ? type.Name[..arity] : type.Name;

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
