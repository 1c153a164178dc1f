using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib.Rejit;

namespace HarmonyLib;

/// <summary>
/// Adds patches to methods and takes them out again (harmony.pardeike.net, «Harmony»). Two things differ from HarmonyLib: patches run
/// inside a guard unless <see cref="IsGuarded"/> says otherwise, and the process must be prepared with <see cref="Attach"/>.
/// All members are thread-safe.
/// </summary>
public sealed class Harmony
{
    /// <summary>Names this owner's patches.</summary>
    public string Id { get; }

    /// <summary>
    /// Whether what a patch of this owner throws is caught, reported and, after five times in a row, ends with the patch class taken out
    /// of that method; the caller never sees it. HarmonyLib's own behaviour is false: it reaches the caller. Not in HarmonyLib.
    /// </summary>
    public bool IsGuarded { get; init; } = true;

    /// <param name="id">A name for this owner's patches, by custom in reverse-domain notation.</param>
    public Harmony(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
        if (DEBUG && Interlocked.Exchange(ref s_isDebugSaid, 1) == 0)
            Say("Harmony.DEBUG has no effect here: there is no log of replaced methods");
    }

    /// <summary>In HarmonyLib a log of all that is replaced; here without effect but on <see cref="FileLog.Debug"/>, which is said once.</summary>
    public static bool DEBUG;

    static int s_isDebugSaid;

    /// <summary>
    /// Prepares this process for patching: loads rejit from that path and attaches it. Once per process, some tens of milliseconds,
    /// on any thread but the diagnostics server's. Not in HarmonyLib.
    /// </summary>
    /// <exception cref="HarmonyException">Not possible here; the message is a sentence for the log.</exception>
    public static void Attach(string libraryPath)
    {
        SelfAttach.Attach(libraryPath);
        LoadedAssemblies.StartHiding();
        CompositeCode.Start();
    }

    /// <summary>Whether <see cref="Attach"/> waits for the runtime's answer, which needs no other thread of the process and has a limit of ten seconds. Not in HarmonyLib.</summary>
    public static bool IsWaitingForRuntime { get; internal set; }

    /// <summary>Where the engine says, in a sentence, that a patch failed or could not be installed; by default nowhere. Not in HarmonyLib.</summary>
    public static Action<string> Report { get; set; } = static _ => { };

    /// <summary>Where the engine says which patch classes it has installed, in which methods; null for nowhere. Not in HarmonyLib.</summary>
    public static Action<string>? Detail { get; set; }

    /// <summary>Says something through <see cref="Report"/>. What that throws itself has nowhere to go: this runs inside calls of the app.</summary>
    internal static void Say(string sentence) => Say(Report, sentence);

    internal static void Say(Action<string>? to, string sentence)
    {
        try
        {
            to?.Invoke(sentence);
        }
        catch (Exception)
        {
        }
    }

    /// <summary>Adds patches to one method (harmony.pardeike.net, «Patching»).</summary>
    /// <param name="original">The method or constructor. Of a generic definition, every instantiation is patched; of an instantiation, only that one.</param>
    /// <param name="prefix">Runs before it.</param>
    /// <param name="postfix">Runs after it, unless it throws.</param>
    /// <param name="transpiler">Makes other instructions out of the original's.</param>
    /// <param name="finalizer">Runs after everything, with the exception if there is one.</param>
    /// <returns>The original, or what stands for a constructor (<see cref="PatchProcessor.Patch"/>).</returns>
    /// <exception cref="HarmonyException">It cannot be patched so; nothing was changed.</exception>
    public MethodInfo Patch(MethodBase original, HarmonyMethod? prefix = null, HarmonyMethod? postfix = null, HarmonyMethod? transpiler = null, HarmonyMethod? finalizer = null)
    {
        ArgumentNullException.ThrowIfNull(original);
        return CreateProcessor(original).AddPrefix(prefix).AddPostfix(postfix).AddTranspiler(transpiler).AddFinalizer(finalizer).Patch();
    }

    /// <summary>Adds the same patches to many methods with one request to the runtime, for which it stops all threads once. Not in HarmonyLib.</summary>
    /// <returns>The methods that cannot be patched so, with the reason; all others are patched.</returns>
    /// <exception cref="HarmonyException">The runtime refused the whole request; nothing was changed.</exception>
    public IReadOnlyDictionary<MethodBase, string> PatchMany(IEnumerable<MethodBase> originals, HarmonyMethod? prefix = null, HarmonyMethod? postfix = null, HarmonyMethod? finalizer = null,
        HarmonyMethod? transpiler = null)
    {
        ArgumentNullException.ThrowIfNull(originals);
        var patches = new List<Patch>();
        foreach (var original in originals)
        {
            if (prefix is not null)
                patches.Add(new Patch(this, PatchKind.Prefix, original, prefix));
            if (postfix is not null)
                patches.Add(new Patch(this, PatchKind.Postfix, original, postfix));
            if (finalizer is not null)
                patches.Add(new Patch(this, PatchKind.Finalizer, original, finalizer));
            if (transpiler is not null)
                patches.Add(new Patch(this, PatchKind.Transpiler, original, transpiler));
        }
        var refused = new Dictionary<MethodBase, string>();
        foreach (var (patch, problem) in PatchTable.Add(patches))
            refused.TryAdd(patch.Original, problem.Message);
        return refused;
    }

    /// <summary>Installs every patch class of the calling assembly (harmony.pardeike.net, «Annotations»).</summary>
    /// <exception cref="HarmonyException">Some class cannot be installed; the others are.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void PatchAll() => PatchAll(Assembly.GetCallingAssembly());

    /// <summary>Installs every patch class of an assembly with one request to the runtime.</summary>
    /// <exception cref="HarmonyException">Some class cannot be installed; the others are.</exception>
    public void PatchAll(Assembly assembly) => PatchClasses(assembly, static _ => true);

    /// <summary>Installs the patch classes of the calling assembly that are in no category.</summary>
    /// <exception cref="HarmonyException">Some class cannot be installed; the others are.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void PatchAllUncategorized() => PatchAllUncategorized(Assembly.GetCallingAssembly());

    /// <summary>Installs the patch classes of an assembly that are in no category.</summary>
    /// <exception cref="HarmonyException">Some class cannot be installed; the others are.</exception>
    public void PatchAllUncategorized(Assembly assembly) => PatchClasses(assembly, static category => category is null);

    /// <summary>Installs the patch classes of the calling assembly that are in a category.</summary>
    /// <exception cref="HarmonyException">Some class cannot be installed; the others are.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void PatchCategory(string category) => PatchCategory(Assembly.GetCallingAssembly(), category);

    /// <summary>Installs the patch classes of an assembly that are in a category.</summary>
    /// <exception cref="HarmonyException">Some class cannot be installed; the others are.</exception>
    public void PatchCategory(Assembly assembly, string category) => PatchClasses(assembly, other => other == category);

    /// <summary>Takes out what the patch classes of the calling assembly that are in a category have installed.</summary>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void UnpatchCategory(string category) => UnpatchCategory(Assembly.GetCallingAssembly(), category);

    /// <summary>Takes out what the patch classes of an assembly that are in a category have installed.</summary>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public void UnpatchCategory(Assembly assembly, string category)
    {
        foreach (var processor in ClassesOf(assembly).Where(processor => processor.Category == category))
            processor.Unpatch();
    }

    /// <summary>A processor for patches of one method.</summary>
    public PatchProcessor CreateProcessor(MethodBase original) => new(this, original);

    /// <summary>Makes a method of one's own a copy of another (harmony.pardeike.net, «Reverse patch»).</summary>
    public ReversePatcher CreateReversePatcher(MethodBase original, HarmonyMethod standin) => new(this, original, standin);

    /// <summary>Makes a method of one's own a copy of another.</summary>
    /// <param name="original">What is copied.</param>
    /// <param name="standin">The method that becomes the copy.</param>
    /// <param name="transpiler">Makes other instructions out of the original's before they are copied.</param>
    /// <returns>The method that is the copy.</returns>
    /// <exception cref="HarmonyException">The code cannot be copied.</exception>
    public static MethodInfo ReversePatch(MethodBase original, HarmonyMethod standin, MethodInfo? transpiler = null) => ReversePatcher.Patch(original, standin, standin?.reversePatchType ?? HarmonyReversePatchType.Original, transpiler);

    /// <summary>A processor for one annotated patch class.</summary>
    public PatchClassProcessor CreateClassProcessor(Type type) => new(this, type);

    /// <summary>
    /// Installs patch classes when the assembly that their target lives in is loaded, before the first call of the target; at once if it is
    /// loaded already. Loads nothing itself, and reads a patch class only when it is needed. Not in HarmonyLib.
    /// </summary>
    /// <param name="patchClasses">Patch classes by the simple name of the assembly.</param>
    /// <param name="mayPatch">
    /// Asked before patches are installed; may wait for <see cref="Attach"/> to return on another thread. What it is given asks again: for when false has meant «not yet».
    /// </param>
    /// <param name="report">Hears, in a sentence, what of an assembly cannot be installed.</param>
    public void PatchWhenLoaded(IReadOnlyDictionary<string, Type[]> patchClasses, Func<Action, bool> mayPatch, Action<System.Reflection.Assembly, string> report)
    {
        ArgumentNullException.ThrowIfNull(patchClasses);
        ArgumentNullException.ThrowIfNull(mayPatch);
        ArgumentNullException.ThrowIfNull(report);
        new DeferredPatches(this, patchClasses, mayPatch, report).Start();
    }

    /// <summary>Takes patches out of a method; without any left, its original body is back.</summary>
    /// <param name="original">The method.</param>
    /// <param name="type">Of which kind.</param>
    /// <param name="harmonyID">Of which owner; null or «*» for all.</param>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public void Unpatch(MethodBase original, HarmonyPatchType type, string? harmonyID = "*") => CreateProcessor(original).Unpatch(type, harmonyID);

    /// <summary>Takes one patch out of a method, whoever owns it.</summary>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public void Unpatch(MethodBase original, MethodInfo patch) => CreateProcessor(original).Unpatch(patch);

    /// <summary>Takes all patches of an owner out of all methods with one request to the runtime; of all owners for null.</summary>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public void UnpatchAll(string? harmonyID = null) =>
        PatchTable.Remove(PatchTable.PatchedMethods(), patch => harmonyID is null || patch.owner == harmonyID);

    /// <summary>
    /// Gives every patched method its original body back, with one request to the runtime, and keeps in mind what was patched: until <see cref="Resume"/>, patches may
    /// be added and taken out as ever, without effect. Not in HarmonyLib.
    /// </summary>
    /// <returns>Methods that keep their patches, with the reason.</returns>
    public static IReadOnlyDictionary<MethodBase, string> Suspend() => Reasons(PatchTable.Suspend());

    /// <summary>Puts back what <see cref="Suspend"/> has taken out, and what was added since, with one request. Not in HarmonyLib.</summary>
    /// <returns>Methods that have lost their patches, with the reason.</returns>
    /// <exception cref="HarmonyException">The runtime refused the whole request; nothing was changed.</exception>
    public static IReadOnlyDictionary<MethodBase, string> Resume() => Reasons(PatchTable.Resume());

    /// <summary>Sets a switch of the library underneath HarmonyLib. Kept, without effect: there is none here.</summary>
    public static void SetSwitch(string name, object value)
    {
        lock (Switch.All)
            Switch.All[name] = value;
    }

    /// <summary>Takes a switch out.</summary>
    public static void ClearSwitch(string name)
    {
        lock (Switch.All)
            Switch.All.Remove(name);
    }

    /// <summary>What a switch was set to.</summary>
    public static bool TryGetSwitch(string name, out object? value)
    {
        lock (Switch.All)
            return Switch.All.TryGetValue(name, out value);
    }

    /// <summary>Whether a switch was set to true.</summary>
    /// <returns>Whether it was set to true or false.</returns>
    public static bool TryIsSwitchEnabled(string name, out bool isEnabled)
    {
        isEnabled = TryGetSwitch(name, out var value) && value is true;
        return value is bool;
    }

    /// <summary>By itself, so that nobody pays for it who has none.</summary>
    static class Switch
    {
        public static readonly Dictionary<string, object> All = [];
    }

    static Dictionary<MethodBase, string> Reasons(Dictionary<MethodBase, HarmonyException> problems)
    {
        var reasons = new Dictionary<MethodBase, string>();
        foreach (var (method, problem) in problems)
            reasons[method] = problem.Message;
        return reasons;
    }

    /// <summary>Whether patches are without effect, because of <see cref="Suspend"/>. Not in HarmonyLib.</summary>
    public static bool IsSuspended => PatchTable.IsSuspended;

    /// <summary>The methods this owner's patches are in.</summary>
    public IEnumerable<MethodBase> GetPatchedMethods() =>
        PatchTable.Targets(patch => patch.owner == Id);

    /// <summary>Every method that is patched now, whoever did it.</summary>
    public static IEnumerable<MethodBase> GetAllPatchedMethods() => PatchProcessor.GetAllPatchedMethods();

    /// <summary>The patches in a method, of all owners; null if there are none.</summary>
    public static Patches? GetPatchInfo(MethodBase method) => PatchProcessor.GetPatchInfo(method);

    /// <summary>The original of what <see cref="Patch"/> has returned; null if it is not patched.</summary>
    public static MethodBase? GetOriginalMethod(MethodInfo replacement)
    {
        MethodBase original = replacement is PatchedConstructor constructor ? constructor.Constructor : replacement ?? throw new ArgumentNullException(nameof(replacement));
        return GetPatchInfo(original) is null ? null : original;
    }

    /// <summary>The method of a frame on the stack; a patched one is itself there.</summary>
    public static MethodBase? GetMethodFromStackframe(System.Diagnostics.StackFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return frame.GetMethod();
    }

    /// <summary>The same: there are no replacements on the stack.</summary>
    public static MethodBase? GetOriginalMethodFromStackframe(System.Diagnostics.StackFrame frame) => GetMethodFromStackframe(frame);

    /// <summary>Whether an owner has patches anywhere.</summary>
    public static bool HasAnyPatches(string harmonyID) => Owners().Contains(harmonyID);

    /// <summary>The version of this library for each owner with patches; there is one library for all of them.</summary>
    /// <param name="currentVersion">The version of this library.</param>
    public static Dictionary<string, Version> VersionInfo(out Version currentVersion)
    {
        var version = currentVersion = typeof(Harmony).Assembly.GetName().Version!;
        return Owners().ToDictionary(owner => owner, _ => version);
    }

    static HashSet<string> Owners() => [.. PatchTable.PatchedMethods().SelectMany(PatchTable.PatchesOf).Select(patch => patch.owner)];

    void PatchClasses(Assembly assembly, Func<string?, bool> isWanted)
    {
        var problems = PatchClassProcessor.Patch([.. ClassesOf(assembly).Where(processor => isWanted(processor.Category))]);
        if (problems.Count == 1)
            throw problems[0];
        if (problems.Count > 1)
            throw new HarmonyException(string.Join(Environment.NewLine, problems.Select(problem => problem.Message)), problems[0]);
    }

    IEnumerable<PatchClassProcessor> ClassesOf(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return AccessTools.GetTypesFromAssembly(assembly).Where(IsPatchClass).Select(CreateClassProcessor);
    }

    static bool IsPatchClass(Type type)
    {
        try
        {
            return type.IsDefined(typeof(HarmonyAttribute), inherit: true) && !typeof(Delegate).IsAssignableFrom(type);
        }
        catch (Exception e) when (e is TypeLoadException or FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return false; // one of its annotations, or of its base classes', cannot be loaded
        }
    }
}
