using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;

namespace Agent.AspNetCore.Components;

/// <summary>One call of a component's own SetParametersAsync. The patches are installed by <see cref="ComponentLoadPatch"/>.</summary>
static class ComponentLoadCall
{
    public static void Begin(object __instance, MethodBase __originalMethod, out ComponentSpan? __state) =>
        __state = ComponentSpan.IsWanted && __instance is ComponentBase component && ComponentLoad.Of(component.GetType()) is { Init: not null, Override: { } own } load
            && own.HasSameMetadataDefinitionAs(__originalMethod) // and not its base class's, which it calls
            ? Start(component, load)
            : null;

    public static void EndAsync(Exception? __exception, Task? __result, ComponentSpan? __state) => __state?.End(__exception, __result);

    /// <summary>Null if no span is wanted.</summary>
    public static ComponentSpan? Start(ComponentBase component, ComponentLoad load)
    {
        if ((IsInitialized(component) ? load.Parameters : load.Init) is not { } description || ComponentSpan.Begin(description) is not { } span)
            return null;
        span.Set(Names.ComponentInteractive, Info(component).IsInteractive);
        return span;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_initialized")]
    static extern ref bool IsInitialized(ComponentBase component);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_RendererInfo")]
    static extern RendererInfo Info(ComponentBase component);
}
