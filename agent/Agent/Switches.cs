using Agent.Instrumentations;

namespace Agent;

/// <summary>
/// Which instrumentations are on. Each patch class has a switch of its own, each family (its folder) one for all of its classes; the narrower wins.
/// The variables' form is that of OpenTelemetry's .NET automatic instrumentation.
/// </summary>
static class Switches
{
    /// <summary>«PAGEHANDLER» for PageHandlerPatch, and for a patch class inside of it.</summary>
    public static string NameOf(Type patchClass) => (patchClass.DeclaringType ?? patchClass).Name[..^"Patch".Length].ToUpperInvariant();

    /// <summary>«LOADS» for Agent.AspNetCore.Loads.PageHandlerPatch.</summary>
    public static string FamilyOf(Type patchClass) => patchClass.Namespace![(patchClass.Namespace!.LastIndexOf('.') + 1)..].ToUpperInvariant();

    /// <summary>The patch classes that are switched on, by assembly as before.</summary>
    public static Dictionary<string, Type[]> Wanted(IReadOnlyDictionary<string, Type[]> patches, Settings settings)
    {
        var wanted = new Dictionary<string, Type[]>(patches.Count);
        foreach (var (assembly, classes) in patches)
        {
            var on = Array.FindAll(classes, patchClass => IsOn(settings, NameOf(patchClass), FamilyOf(patchClass)) || Libraries.IsAskedFor(patchClass, settings));
            foreach (var off in classes)
            {
                if (Array.IndexOf(on, off) < 0)
                    Log.Debug($"patch {off.Name} is switched off");
            }
            if (on.Length > 0)
                wanted.Add(assembly, on);
        }
        return wanted;
    }

    /// <param name="settings">The settings.</param>
    /// <param name="name">The instrumentation's own switch.</param>
    /// <param name="family">Its family's switch, if it belongs to one.</param>
    public static bool IsOn(Settings settings, string name, string? family = null) =>
        settings.Instrumentation(name) ?? (family is null ? null : settings.Instrumentation(family)) ?? settings.AllInstrumentations;
}
