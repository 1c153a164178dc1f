using System.Reflection;
using System.Reflection.Emit;
using HarmonyLib.Rejit;
using HarmonyLib.Weaving;

namespace HarmonyLib;

/// <summary>Collects patches for one method and installs them together (harmony.pardeike.net, «PatchProcessor»).</summary>
/// <param name="instance">Owns the patches.</param>
/// <param name="original">The method to patch.</param>
public sealed class PatchProcessor(Harmony instance, MethodBase original)
{
    readonly List<Patch> _patches = [];

    /// <summary>Adds a prefix.</summary>
    public PatchProcessor AddPrefix(HarmonyMethod? prefix) => Add(PatchKind.Prefix, prefix);

    /// <summary>Adds a prefix.</summary>
    public PatchProcessor AddPrefix(MethodInfo fixMethod) => AddPrefix(new HarmonyMethod(fixMethod));

    /// <summary>Adds a postfix.</summary>
    public PatchProcessor AddPostfix(HarmonyMethod? postfix) => Add(PatchKind.Postfix, postfix);

    /// <summary>Adds a postfix.</summary>
    public PatchProcessor AddPostfix(MethodInfo fixMethod) => AddPostfix(new HarmonyMethod(fixMethod));

    /// <summary>Adds a finalizer.</summary>
    public PatchProcessor AddFinalizer(HarmonyMethod? finalizer) => Add(PatchKind.Finalizer, finalizer);

    /// <summary>Adds a finalizer.</summary>
    public PatchProcessor AddFinalizer(MethodInfo fixMethod) => AddFinalizer(new HarmonyMethod(fixMethod));

    /// <summary>Adds a transpiler.</summary>
    public PatchProcessor AddTranspiler(HarmonyMethod? transpiler) => Add(PatchKind.Transpiler, transpiler);

    /// <summary>Adds a transpiler.</summary>
    public PatchProcessor AddTranspiler(MethodInfo fixMethod) => AddTranspiler(new HarmonyMethod(fixMethod));

    PatchProcessor Add(PatchKind kind, HarmonyMethod? method)
    {
        if (method is not null)
            _patches.Add(new Patch(instance, kind, original, method));
        return this;
    }

    /// <summary>Installs everything that was added, with one request to the runtime.</summary>
    /// <returns>The original, because its own body changes and there is no replacement; for a constructor a static method that stands for it, with the instance as its first parameter.</returns>
    /// <exception cref="HarmonyException">It cannot be patched so; nothing was changed.</exception>
    public MethodInfo Patch()
    {
        if (original is null)
            throw new HarmonyException($"Null method for {instance.Id}: there is nothing to patch");
        if (PatchTable.Add(_patches) is [var refused, ..])
            throw refused.Problem;
        _patches.Clear();
        return PatchedConstructor.Replacement(original);
    }

    /// <summary>Takes patches out; without any left, the original body is back.</summary>
    /// <param name="type">Of which kind.</param>
    /// <param name="harmonyID">Of which owner; null or «*» for all.</param>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public PatchProcessor Unpatch(HarmonyPatchType type, string? harmonyID)
    {
        PatchTable.Remove([HarmonyLib.Patch.Definition(original)], patch => Is(patch, type) && IsFor(patch, original) && (harmonyID is null or "*" || patch.owner == harmonyID));
        return this;
    }

    /// <summary>Takes one patch out, whoever owns it.</summary>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public PatchProcessor Unpatch(MethodInfo patch)
    {
        PatchTable.Remove([HarmonyLib.Patch.Definition(original)], candidate => candidate.PatchMethod == patch && IsFor(candidate, original));
        return this;
    }

    /// <summary>Whoever asks about one instantiation hears of the patches for that one, and of those for all.</summary>
    static bool IsFor(Patch patch, MethodBase method) => patch.Instantiation is null || patch.Instantiation == method || !HarmonyLib.Patch.IsInstantiation(method);

    static bool Is(Patch patch, HarmonyPatchType type) => type switch
    {
        HarmonyPatchType.All => true,
        HarmonyPatchType.Prefix => patch.Kind == PatchKind.Prefix,
        HarmonyPatchType.Postfix => patch.Kind == PatchKind.Postfix,
        HarmonyPatchType.Transpiler => patch.Kind == PatchKind.Transpiler,
        HarmonyPatchType.Finalizer => patch.Kind == PatchKind.Finalizer,
        _ => false,
    };

    /// <summary>Every method that is patched now, whoever did it.</summary>
    public static IEnumerable<MethodBase> GetAllPatchedMethods() => PatchTable.Targets(static _ => true);

    /// <summary>The patches in a method, of all owners; null if there are none. Of an instantiation, those for it and those for all.</summary>
    public static Patches? GetPatchInfo(MethodBase method) =>
        PatchTable.PatchesOf(HarmonyLib.Patch.Definition(method)).FindAll(patch => IsFor(patch, method)) is { Count: > 0 } patches ? new Patches(patches) : null;

    /// <summary>The methods of patches in the order in which they run (harmony.pardeike.net, «Priorities»).</summary>
    public static List<MethodInfo> GetSortedPatchMethods(MethodBase original, Patch[] patches) => [.. PatchOrder.Sort([.. patches]).Select(patch => patch.PatchMethod)];

    /// <summary>Gives out labels and local variables, for reading methods that are not named yet.</summary>
    public static ILGenerator CreateILGenerator() => new Transpiling.TranspilerGenerator();

    /// <summary>Gives out labels and local variables, behind those that a method has.</summary>
    public static ILGenerator CreateILGenerator(MethodBase original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return new Transpiling.TranspilerGenerator();
    }

    /// <summary>The instructions of a method as it was compiled.</summary>
    public static List<CodeInstruction> GetOriginalInstructions(MethodBase original, ILGenerator? generator = null) => Transpiling.InstructionReader.Read(original, generator ?? CreateILGenerator());

    /// <inheritdoc cref="GetOriginalInstructions(MethodBase, ILGenerator)"/>
    public static List<CodeInstruction> GetOriginalInstructions(MethodBase original, out ILGenerator generator) => GetOriginalInstructions(original, generator = CreateILGenerator());

    /// <summary>The instructions of a method as the transpilers that it has, or so many of them, make them.</summary>
    public static List<CodeInstruction> GetCurrentInstructions(MethodBase original, int maxTranspilers = int.MaxValue, ILGenerator? generator = null)
    {
        generator ??= CreateILGenerator();
        var transpilers = PatchOrder.Sort([.. PatchTable.PatchesOf(HarmonyLib.Patch.Definition(original)).Where(static patch => patch.Kind == PatchKind.Transpiler)]);
        return Transpiling.Transpiler.Apply(original, [.. transpilers.Take(maxTranspilers)], GetOriginalInstructions(original, generator), generator);
    }

    /// <inheritdoc cref="GetCurrentInstructions(MethodBase, int, ILGenerator)"/>
    public static List<CodeInstruction> GetCurrentInstructions(MethodBase original, out ILGenerator generator, int maxTranspilers = int.MaxValue) => GetCurrentInstructions(original, maxTranspilers, generator = CreateILGenerator());

    /// <summary>What a method does, in pairs of opcode and operand.</summary>
    public static IEnumerable<KeyValuePair<OpCode, object?>> ReadMethodBody(MethodBase method) => ReadMethodBody(method, CreateILGenerator());

    /// <inheritdoc cref="ReadMethodBody(MethodBase)"/>
    public static IEnumerable<KeyValuePair<OpCode, object?>> ReadMethodBody(MethodBase method, ILGenerator generator) =>
        Transpiling.InstructionReader.Read(method, generator).Select(static instruction => new KeyValuePair<OpCode, object?>(instruction.opcode, instruction.operand));

    /// <inheritdoc cref="Harmony.VersionInfo"/>
    public static Dictionary<string, Version> VersionInfo(out Version currentVersion) => Harmony.VersionInfo(out currentVersion);
}
