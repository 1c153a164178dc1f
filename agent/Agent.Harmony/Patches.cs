using System.Collections.ObjectModel;

namespace HarmonyLib;

/// <summary>The patches in one method, of all owners (harmony.pardeike.net, «Patches»).</summary>
public sealed class Patches
{
    /// <summary>Prefixes in the order in which they were added.</summary>
    public readonly ReadOnlyCollection<Patch> Prefixes;

    /// <summary>Postfixes in the order in which they were added.</summary>
    public readonly ReadOnlyCollection<Patch> Postfixes;

    /// <summary>Transpilers in the order in which they were added.</summary>
    public readonly ReadOnlyCollection<Patch> Transpilers;

    /// <summary>Finalizers in the order in which they were added.</summary>
    public readonly ReadOnlyCollection<Patch> Finalizers;

    /// <summary>The ids of all owners.</summary>
    public ReadOnlyCollection<string> Owners { get; }

    internal Patches(List<Patch> patches)
    {
        Prefixes = OfKind(PatchKind.Prefix);
        Postfixes = OfKind(PatchKind.Postfix);
        Transpilers = OfKind(PatchKind.Transpiler);
        Finalizers = OfKind(PatchKind.Finalizer);
        Owners = new([.. patches.Select(patch => patch.owner).Distinct()]);

        ReadOnlyCollection<Patch> OfKind(PatchKind kind) => new([.. patches.Where(patch => patch.Kind == kind)]);
    }
}
