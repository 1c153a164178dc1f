using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib.Rejit;

namespace HarmonyLib;

/// <summary>
/// Adds patches to methods and takes them out again. The class of this name in HarmonyLib, with its meaning
/// (harmony.pardeike.net), except that patches run inside a guard: what they throw never reaches the caller.
/// All members are thread-safe.
/// </summary>
public sealed class Harmony
{
    /// <summary>Names this owner's patches.</summary>
    public string Id { get; }

    /// <param name="id">A name for this owner's patches, by custom in reverse-domain notation.</param>
    public Harmony(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
    }

    /// <summary>
    /// Prepares this process for patching: loads rejit from that path and attaches it. Once per process, some tens of milliseconds,
    /// on any thread but the diagnostics server's.
    /// </summary>
    /// <exception cref="HarmonyException">Not possible here; the message is a sentence for the log.</exception>
    public static void Attach(string libraryPath) => SelfAttach.Attach(libraryPath);

    /// <summary>Where the engine says, in a sentence, that a patch failed or could not be installed; by default nowhere.</summary>
    public static Action<string> Report { get; set; } = static _ => { };

    /// <summary>Adds patches to one method.</summary>
    /// <exception cref="HarmonyException">It cannot be patched so; nothing was changed.</exception>
    public void Patch(MethodBase original, HarmonyMethod? prefix = null, HarmonyMethod? postfix = null, HarmonyMethod? finalizer = null)
    {
        ArgumentNullException.ThrowIfNull(original);
        var patches = new List<Patch>();
        if (prefix is not null)
            patches.Add(NewPatch(PatchKind.Prefix, original, prefix));
        if (postfix is not null)
            patches.Add(NewPatch(PatchKind.Postfix, original, postfix));
        if (finalizer is not null)
            patches.Add(NewPatch(PatchKind.Finalizer, original, finalizer));
        if (PatchTable.Add(patches) is [var refused, ..])
            throw new HarmonyException(refused.Reason);
    }

    /// <summary>
    /// Installs patch classes in one request to the runtime. A class that cannot be installed is reported
    /// (<see cref="Report"/>) and stays off; the others are installed.
    /// </summary>
    /// <returns>The methods that are patched now.</returns>
    public IReadOnlyList<MethodBase> PatchAll(IEnumerable<Type> patchClasses)
    {
        ArgumentNullException.ThrowIfNull(patchClasses);
        return Install(Prepare(patchClasses.Select(PatchClass.Of), target => target.declaringType ?? Type.GetType(target.typeName ?? "", throwOnError: false)));
    }

    /// <summary>
    /// Installs patch classes when the assembly that their target lives in is loaded, before the first call of the target; at once if it is
    /// loaded already. Loads nothing itself, and reads a patch class only when it is needed.
    /// </summary>
    /// <param name="patchClasses">Patch classes by the simple name of the assembly.</param>
    /// <param name="mayPatch">Asked before patches are installed; may wait for <see cref="Attach"/> to return on another thread.</param>
    public void PatchWhenLoaded(IReadOnlyDictionary<string, Type[]> patchClasses, Func<bool> mayPatch)
    {
        ArgumentNullException.ThrowIfNull(patchClasses);
        ArgumentNullException.ThrowIfNull(mayPatch);
        new DeferredPatches(this, patchClasses, mayPatch).Start();
    }

    /// <summary>Takes all patches of an owner out of a method, or all patches of all owners for null.</summary>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public static void Unpatch(MethodBase original, string? harmonyId = null)
    {
        ArgumentNullException.ThrowIfNull(original);
        PatchTable.Remove(original, patch => harmonyId is null || patch.owner == harmonyId);
    }

    /// <summary>Takes all patches of an owner out of all methods, or all patches of all owners for null.</summary>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public static void UnpatchAll(string? harmonyId = null)
    {
        foreach (var method in PatchTable.PatchedMethods())
            Unpatch(method, harmonyId);
    }

    /// <summary>The methods this owner's patches are in.</summary>
    public IEnumerable<MethodBase> GetPatchedMethods() =>
        PatchTable.PatchedMethods().Where(method => PatchTable.PatchesOf(method).Any(patch => patch.owner == Id));

    /// <summary>The patches in a method, of all owners.</summary>
    public static IReadOnlyList<Patch> GetPatches(MethodBase original) => PatchTable.PatchesOf(original);

    /// <summary>The patches of these classes for the methods they name. What does not fit is reported and left out. Needs no attached engine.</summary>
    internal List<Patch> Prepare(IEnumerable<PatchClass> patchClasses, Func<HarmonyMethod, Type?> typeOf)
    {
        var patches = new List<Patch>();
        foreach (var (patchClass, target) in patchClasses)
        {
            try
            {
                patches.AddRange(PatchesOf(patchClass, Resolve(target, typeOf(target))));
            }
            catch (HarmonyException e)
            {
                Report($"{patchClass.Name} stays off: {e.Message}");
            }
        }
        return patches;
    }

    /// <summary>Installs prepared patches in one request; what is refused is reported.</summary>
    /// <returns>The methods that are patched now.</returns>
    internal static IReadOnlyList<MethodBase> Install(List<Patch> patches)
    {
        try
        {
            var refused = PatchTable.Add(patches);
            foreach (var report in refused.Select(item => $"{item.Patch.PatchMethod.DeclaringType?.Name} stays off: {item.Reason}").Distinct())
                Report(report);
            return [.. patches.Except(refused.Select(item => item.Patch)).Select(patch => patch.Original).Distinct()];
        }
        catch (HarmonyException e)
        {
            Report($"{patches.Count} patches stay off ({string.Join(", ", patches.Select(patch => patch.Name))}): {e.Message}");
            return [];
        }
    }

    Patch NewPatch(PatchKind kind, MethodBase original, HarmonyMethod patch) => new(Id, kind, Definition(original), patch);

    /// <summary>A body belongs to the definition, not to one instantiation.</summary>
    static MethodBase Definition(MethodBase method)
    {
        if (method is MethodInfo { IsGenericMethod: true } generic)
            method = generic.GetGenericMethodDefinition();
        return method.DeclaringType is { IsConstructedGenericType: true } ? method.Module.ResolveMethod(method.MetadataToken)! : method;
    }

    static MethodBase Resolve(HarmonyMethod target, Type? type)
    {
        if (type is null)
            throw new HarmonyException($"there is no type {target.typeName ?? "(none given)"}");
        var name = target.methodName ?? "";
        MethodBase? found;
        try
        {
            found = target.methodType switch
            {
                MethodType.Getter => AccessTools.DeclaredPropertyGetter(type, name),
                MethodType.Setter => AccessTools.DeclaredPropertySetter(type, name),
                MethodType.Constructor => AccessTools.DeclaredConstructor(type, target.argumentTypes),
                _ => AccessTools.DeclaredMethod(type, name, target.argumentTypes),
            };
        }
        catch (AmbiguousMatchException)
        {
            throw new HarmonyException($"{type.FullName} has several methods {name}, and the patch does not say which by argument types");
        }
        return found ?? throw new HarmonyException($"{type.FullName} has no {(target.methodType is { } kind and not MethodType.Normal ? kind : "method")} {name}");
    }

    IEnumerable<Patch> PatchesOf(Type patchClass, MethodBase original)
    {
        var found = false;
        foreach (var method in patchClass.GetMethods(AccessTools.allDeclared))
        {
            var kind = KindOf(method);
            if (kind is null)
                continue;
            if (!method.IsStatic)
                throw new HarmonyException($"{patchClass.Name}.{method.Name} must be static");
            var isFine = kind switch
            {
                PatchKind.Prefix => method.ReturnType == typeof(void) || method.ReturnType == typeof(bool),
                PatchKind.Postfix => method.ReturnType == typeof(void),
                _ => method.ReturnType == typeof(void) || typeof(Exception).IsAssignableFrom(method.ReturnType),
            };
            if (!isFine)
                throw new HarmonyException($"{patchClass.Name}.{method.Name} must not return {method.ReturnType.Name}");
            found = true;
            yield return NewPatch(kind.Value, original, new HarmonyMethod(method));
        }
        if (!found)
            throw new HarmonyException($"{patchClass.Name} has no Prefix, Postfix or Finalizer");
    }

    static PatchKind? KindOf(MethodInfo method) => method.Name switch
    {
        "Prefix" => PatchKind.Prefix,
        "Postfix" => PatchKind.Postfix,
        "Finalizer" => PatchKind.Finalizer,
        _ when method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) => null,
        _ when method.IsDefined(typeof(HarmonyPrefix), inherit: false) => PatchKind.Prefix,
        _ when method.IsDefined(typeof(HarmonyPostfix), inherit: false) => PatchKind.Postfix,
        _ when method.IsDefined(typeof(HarmonyFinalizer), inherit: false) => PatchKind.Finalizer,
        _ => null,
    };
}
