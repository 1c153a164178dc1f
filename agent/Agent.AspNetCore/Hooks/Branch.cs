using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder.Extensions;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// What Map, MapWhen and UseWhen run for some requests. The span is around the branch, so a request that does not take it has none.
/// </summary>
static class Branch
{
    /// <summary>A pipeline may be built twice; the options are the same then.</summary>
    static readonly ConditionalWeakTable<object, object> Enclosed = [];

    /// <summary>Whether a component of a pipeline is a branch.</summary>
    public static bool Is(Delegate component) => KindOf(component) is not null;

    /// <summary>«Map /ping», «MapWhen», «UseWhen»; null for a component that is no branch.</summary>
    public static string? NameOf(Delegate component) =>
        KindOf(component) is "Map" ? $"Map {(Options(component) as MapOptions)?.PathMatch.Value}" : KindOf(component);

    /// <summary>By the extension method in whose closure it is.</summary>
    static string? KindOf(Delegate component) => component.Target?.GetType().DeclaringType?.FullName switch
    {
        "Microsoft.AspNetCore.Builder.MapExtensions" => "Map",
        "Microsoft.AspNetCore.Builder.MapWhenExtensions" => "MapWhen",
        "Microsoft.AspNetCore.Builder.UseWhenExtensions" => "UseWhen",
        _ => null,
    };

    /// <summary>Puts a span around the branch.</summary>
    /// <param name="component">What was given to Use.</param>
    /// <param name="made">What it has made: asks whether the branch is to be taken.</param>
    /// <param name="name">Of the span.</param>
    /// <returns>What to run instead: the same, unless this framework keeps the branch elsewhere; then the span is around both ways.</returns>
    public static RequestDelegate Enclose(Delegate component, RequestDelegate made, MiddlewareName name)
    {
        switch (Options(component))
        {
            case MapOptions { Branch: { } branch } options:
                if (Enclosed.TryAdd(options, options))
                    options.Branch = Around(branch);
                return made;
            case MapWhenOptions { Branch: { } branch } options:
                if (Enclosed.TryAdd(options, options))
                    options.Branch = Around(branch);
                return made;
        }
        // UseWhen joins its branch with what comes next, anew each time.
        if (made.Target is not { } closure || closure.GetType().GetField("branch", MiddlewareName.Fields) is not { } field || field.GetValue(closure) is not RequestDelegate joined)
            return Around(made);
        field.SetValue(closure, Around(joined));
        return made;

        RequestDelegate Around(RequestDelegate inner) => new Middleware(inner, name, isImplicit: false).Invoke;
    }

    static object? Options(Delegate component) => MiddlewareName.Field<object>(component, "options");
}
