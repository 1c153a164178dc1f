using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;

namespace Agent.AspNetCore.Components;

/// <summary>Which lifecycle methods of a component are the app's: only these have spans. Worked out once per type.</summary>
/// <param name="Init">For the first time a component gets parameters; null if nothing of the app's runs then.</param>
/// <param name="Parameters">For the other times.</param>
/// <param name="Override">The app's own SetParametersAsync, which the span is around then, whether or not it calls the base class's.</param>
sealed record ComponentLoad(SpanDescription? Init, SpanDescription? Parameters, MethodInfo? Override)
{
    static readonly ComponentLoad None = new(null, null, null);
    static readonly ConditionalWeakTable<Type, ComponentLoad> Known = [];

    public static ComponentLoad Of(Type component) => Known.GetOrAdd(component, Read);

    static ComponentLoad Read(Type component)
    {
        var setsAll = component.GetMethod(nameof(ComponentBase.SetParametersAsync), [typeof(ParameterView)]) is { DeclaringType: { } type } method && type != typeof(ComponentBase) && AppType.Is(type)
            ? method
            : null;
        var setsParameters = setsAll is not null || IsOverridden(component, "OnParametersSet") || IsOverridden(component, "OnParametersSetAsync");
        if (!setsParameters && !IsOverridden(component, "OnInitialized") && !IsOverridden(component, "OnInitializedAsync"))
            return None;
        KeyValuePair<string, object?>[] tags = [new(Names.Kind, DispatchKind.Load), new(Names.ComponentType, component.FullName)];
        var name = $"component {CodeName.Simple(component)}";
        return new(new SpanDescription($"{name} init", tags), setsParameters ? new SpanDescription($"{name} parameters", tags) : null, setsAll);
    }

    /// <summary>By the app or a package: what the framework's own components do in these methods is plumbing, also for those derived from them.</summary>
    static bool IsOverridden(Type component, string method) =>
        component.GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic, []) is { DeclaringType: { } type } && type != typeof(ComponentBase) && AppType.Is(type);
}
