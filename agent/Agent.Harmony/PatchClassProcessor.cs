using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib.Rejit;

namespace HarmonyLib;

/// <summary>Installs the patches of one annotated class (harmony.pardeike.net, «PatchClassProcessor» and «Auxiliary methods»).</summary>
/// <param name="instance">Owns the patches.</param>
/// <param name="type">The patch class.</param>
public sealed class PatchClassProcessor(Harmony instance, Type type)
{
    readonly HarmonyMethod _info = new HarmonyMethod().Complete(type);
    readonly MethodInfo[] _methods = type.GetMethods(AccessTools.allDeclared);
    List<MethodBase> _originals = [];

    /// <summary>The category of the class; null without one.</summary>
    public string? Category
    {
        get => _info.category;
        set => _info.category = value;
    }

    internal string Name => type.Name;

    /// <summary>Installs the patches of the class with one request to the runtime.</summary>
    /// <returns>The patched methods, for a constructor a stand-in for it (<see cref="PatchProcessor.Patch"/>); null if neither the class nor a method of it has an annotation.</returns>
    /// <exception cref="HarmonyException">
    /// Something cannot be patched so. Its other targets are patched; Cleanup was called and did not suppress the failure.
    /// </exception>
    public List<MethodInfo>? Patch()
    {
        if (!type.IsDefined(typeof(HarmonyAttribute), inherit: true) && !Array.Exists(_methods, static method => method.IsDefined(typeof(HarmonyAttribute), inherit: false)))
            return null;
        var problems = Patch([this]);
        return problems.Count == 0 ? [.. _originals.Select(PatchedConstructor.Replacement)] : throw problems[0];
    }

    /// <summary>Takes the patches of the class out of wherever they are.</summary>
    /// <exception cref="HarmonyException">The runtime refused.</exception>
    public void Unpatch() => PatchTable.Remove(PatchTable.PatchedMethods(), patch => patch.owner == instance.Id && patch.PatchMethod.DeclaringType == type);

    /// <summary>Installs several classes with one request to the runtime. What cannot be installed does not keep the others out.</summary>
    /// <returns>A failure for each class that is not, or not wholly, installed and did not suppress it.</returns>
    internal static List<HarmonyException> Patch(IReadOnlyList<PatchClassProcessor> classes) => Install(Collect(classes, static target =>
        target.declaringType ?? (target.typeName is { } name ? AccessTools.TypeByName(name) : null)));

    /// <summary>Reads the classes. Needs no attached engine.</summary>
    /// <param name="typeOf">The declaring type that a target means.</param>
    internal static List<CollectedClass> Collect(IReadOnlyList<PatchClassProcessor> classes, Func<HarmonyMethod, Type?> typeOf)
    {
        var collected = new List<CollectedClass>(classes.Count);
        foreach (var processor in classes)
        {
            try
            {
                collected.Add(new CollectedClass(processor, processor.Collect(typeOf), null));
            }
            catch (HarmonyException e)
            {
                collected.Add(new CollectedClass(processor, [], e));
            }
        }
        return collected;
    }

    /// <returns>A failure for each class that is not, or not wholly, installed and did not suppress it.</returns>
    internal static List<HarmonyException> Install(List<CollectedClass> collected)
    {
        var patches = new List<Patch>();
        foreach (var item in collected)
            patches.AddRange(item.Patches);
        var refused = Add(patches);
        // A method is refused with all its new patches: let each class try alone, so that one that does not fit keeps no other out.
        if (refused.Count > 0 && collected.Count > 1)
            refused = [.. collected.SelectMany(item => Add([.. item.Patches.Where(patch => refused.Exists(other => other.Patch == patch))]))];
        var problems = new List<HarmonyException>();
        foreach (var item in collected)
        {
            if (item.Processor.Finish(item, refused) is { } problem)
                problems.Add(problem);
            if (Harmony.Detail is not null)
                Tell(item, refused);
        }
        return problems;
    }

    /// <summary>One line per target: the patches, the target, its shape, whether they are in.</summary>
    static void Tell(CollectedClass collected, List<RefusedPatch> refused)
    {
        foreach (var target in collected.Patches.GroupBy(patch => patch.Original))
        {
            var isIn = !refused.Exists(item => target.Any(patch => ReferenceEquals(patch, item.Patch)));
            Harmony.Say(Harmony.Detail, $"{MethodName.Row(collected.Processor.Name, target.Select(patch => $"{patch.Kind}"), target.Key)}: {(isIn ? "installed" : "refused")}");
        }
    }

    static List<RefusedPatch> Add(List<Patch> patches)
    {
        try
        {
            return PatchTable.Add(patches);
        }
        catch (HarmonyException e)
        {
            return [.. patches.Select(patch => new RefusedPatch(patch, e))];
        }
    }

    /// <summary>The patches of this class for its targets.</summary>
    /// <exception cref="HarmonyException">The class says something that cannot be done.</exception>
    List<Patch> Collect(Func<HarmonyMethod, Type?> typeOf)
    {
        var patches = new List<Patch>();
        if (!Prepare(null))
            return patches;
        ReversePatch(typeOf);
        var prepared = new Dictionary<MethodBase, bool>();
        foreach (var job in Jobs(typeOf))
        {
            if (!prepared.TryGetValue(job.Original, out var isWanted))
                prepared[job.Original] = isWanted = Prepare(job.Original);
            if (isWanted)
                patches.Add(new Patch(instance, job.Kind, job.Original, job.Method));
        }
        _originals = [.. patches.Select(patch => patch.Target).Distinct()];
        return patches;
    }

    /// <summary>Makes the class's own methods copies of what they name.</summary>
    void ReversePatch(Func<HarmonyMethod, Type?> typeOf)
    {
        foreach (var method in _methods)
        {
            if (!IsReversePatch(method))
                continue;
            var standin = new HarmonyMethod().Add(_info).Complete(method);
            standin.method = method;
            var original = Auxiliary<HarmonyTargetMethod>("TargetMethod") is null ? Resolve(standin, method, typeOf) : Bulk(typeOf)![0];
            ReversePatcher.Patch(original, standin, standin.reversePatchType ?? HarmonyReversePatchType.Original, null);
        }
    }

    static bool IsReversePatch(MethodInfo method) => method.Name == "ReversePatch" ||
        method.Name is not ("Prefix" or "Postfix" or "Finalizer" or "Transpiler" or "Prepare" or "Cleanup" or "TargetMethod" or "TargetMethods") && method.IsDefined(typeof(HarmonyReversePatch), inherit: false);

    IEnumerable<Job> Jobs(Func<HarmonyMethod, Type?> typeOf)
    {
        List<MethodBase>? bulk = null;
        MethodBase? ofClass = null;
        var isFirst = true;
        foreach (var method in _methods)
        {
            if (KindOf(method) is not { } kind)
                continue;
            if (isFirst)
                bulk = Bulk(typeOf); // not before there is something to patch with
            isFirst = false;
            var patch = new HarmonyMethod().Add(_info).Complete(method);
            patch.method = method;
            if (bulk is not null)
            {
                CheckNoTarget(method);
                foreach (var original in bulk)
                    yield return new Job(original, kind, patch);
                continue;
            }
            var hasOwnTarget = method.IsDefined(typeof(HarmonyPatch), inherit: false);
            yield return new Job(hasOwnTarget ? Resolve(patch, method, typeOf) : ofClass ??= Resolve(_info, method, typeOf), kind, patch);
        }
    }

    static MethodBase Resolve(HarmonyMethod target, MethodInfo patch, Func<HarmonyMethod, Type?> typeOf)
    {
        try
        {
            return Target.Resolve(target, typeOf(target));
        }
        catch (HarmonyException e)
        {
            throw new HarmonyException($"Undefined target method for {(IsReversePatch(patch) ? "reverse patch" : "patch")} method {patch.FullDescription()}: {e.Message}", e);
        }
    }

    /// <summary>Targets come from code or from annotations.</summary>
    void CheckNoTarget(MethodInfo method)
    {
        var own = new HarmonyMethod().Complete(method);
        var said = own.declaringType?.FullName ?? own.typeName ?? own.methodName ?? (own.methodType is null or MethodType.Normal ? null : own.methodType.ToString()) ?? (own.argumentTypes is null ? null : "argument types");
        if (said is null && _info.declaringType is { } declaring && !type.IsDefined(typeof(HarmonyPatchAll), inherit: true))
            said = declaring.FullName;
        if (said is not null)
            throw new HarmonyException($"You cannot combine TargetMethod, TargetMethods or [HarmonyPatchAll] with individual annotations [{said}]");
    }

    /// <summary>The targets that TargetMethods, TargetMethod or [HarmonyPatchAll] name; null if the annotations name one.</summary>
    List<MethodBase>? Bulk(Func<HarmonyMethod, Type?> typeOf)
    {
        if (Auxiliary<HarmonyTargetMethods>("TargetMethods") is { } several)
        {
            if (!typeof(IEnumerable<MethodBase>).IsAssignableFrom(several.ReturnType))
                throw WrongReturnType(several, "IEnumerable<MethodBase>");
            var list = Enumerate(several, Call(several, null, null) as IEnumerable<MethodBase> ?? throw Unexpected(several, "null"));
            return list.Contains(null!) ? throw Unexpected(several, "some element was null")
                : list.Count == 0 ? throw new HarmonyException($"Undefined target method: {type.Name}.{several.Name} returned no methods; a class that shall not patch says so in Prepare") : list;
        }
        if (Auxiliary<HarmonyTargetMethod>("TargetMethod") is { } one)
        {
            return typeof(MethodBase).IsAssignableFrom(one.ReturnType)
                ? [Call(one, null, null) as MethodBase ?? throw Unexpected(one, "null")]
                : throw WrongReturnType(one, "MethodBase");
        }
        if (!type.IsDefined(typeof(HarmonyPatchAll), inherit: true))
            return null;
        var declaring = typeOf(_info) ?? throw new HarmonyException(_info.typeName is { } missing ? $"there is no type {missing}" : "[HarmonyPatchAll] requires an additional annotation that names the type");
        return [.. declaring.GetMethods(AccessTools.allDeclared).Cast<MethodBase>()
            .Concat(AccessTools.GetDeclaredConstructors(declaring, searchForStatic: false))
            .Where(PatchTable.HasBody)];
    }

    HarmonyException Unexpected(MethodInfo method, string result) => new($"{type.Name}.{method.Name} returned an unexpected result: {result}");

    HarmonyException WrongReturnType(MethodInfo method, string wanted) => new($"{type.Name}.{method.Name} has wrong return type, {method.ReturnType} (should be assignable to {wanted})");

    List<MethodBase> Enumerate(MethodInfo method, IEnumerable<MethodBase> targets)
    {
        try
        {
            return [.. targets];
        }
        catch (Exception e) when (e is not HarmonyException)
        {
            throw new HarmonyException($"{type.Name}.{method.Name} failed: {e.Message}", e);
        }
    }

    bool Prepare(MethodBase? original) => Auxiliary<HarmonyPrepare>("Prepare") is not { } prepare ||
        (prepare.ReturnType == typeof(void) || prepare.ReturnType == typeof(bool) ? Call(prepare, original, null) is not false : throw WrongReturnType(prepare, "bool"));

    /// <summary>Calls Cleanup for each target and then for the class, as HarmonyLib does, and lets it change or suppress the failure.</summary>
    HarmonyException? Finish(CollectedClass collected, List<RefusedPatch> refused)
    {
        Exception? problem = collected.Problem;
        var cleanup = Auxiliary<HarmonyCleanup>("Cleanup");
        try
        {
            foreach (var original in _originals)
            {
                var refusal = refused.Find(item => item.Patch.Target == original && collected.Patches.Exists(patch => ReferenceEquals(patch, item.Patch)));
                Exception? failure = refusal is null ? null : new HarmonyException($"Patching exception in method {original.FullDescription()}: {refusal.Problem.Reason}", refusal.Problem);
                var left = cleanup is null ? failure : After(cleanup, original, failure);
                problem ??= left;
            }
            if (cleanup is not null)
                problem = After(cleanup, null, problem);
        }
        catch (HarmonyException e)
        {
            problem = e;
        }
        return problem switch
        {
            null => null,
            HarmonyException e => new HarmonyException($"{type.Name} stays off: {e.Message}", e),
            _ => new HarmonyException($"{type.Name} stays off: {problem.Message}", problem),
        };
    }

    Exception? After(MethodInfo cleanup, MethodBase? original, Exception? failure)
    {
        var result = Call(cleanup, original, failure);
        return cleanup.ReturnType == typeof(void) ? failure : result as Exception;
    }

    MethodInfo? Auxiliary<TAttribute>(string name)
    {
        var found = Array.Find(_methods, static method => method.IsDefined(typeof(TAttribute), inherit: false)) ?? Array.Find(_methods, method => method.Name == name);
        return found is null or { IsStatic: true } ? found : throw new HarmonyException($"{type.Name}.{found.Name} must be static");
    }

    /// <summary>Gives an auxiliary method what its parameter types ask for.</summary>
    object? Call(MethodInfo method, MethodBase? original, Exception? failure)
    {
        var arguments = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType switch
        {
            var wanted when wanted.IsAssignableFrom(typeof(Harmony)) && wanted != typeof(object) => (object?)instance,
            var wanted when typeof(MethodBase).IsAssignableFrom(wanted) => wanted.IsInstanceOfType(original) ? original : null,
            var wanted when typeof(Exception).IsAssignableFrom(wanted) => failure,
            _ => throw new HarmonyException($"{type.Name}.{method.Name} wants ({parameter.ParameterType} {parameter.Name}); it can have a MethodBase, a Harmony or an Exception"),
        });
        try
        {
            return method.Invoke(null, arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            throw new HarmonyException($"{type.Name}.{method.Name} failed: {e.InnerException.Message}", e.InnerException);
        }
    }

    static PatchKind? KindOf(MethodInfo method) => method.Name switch
    {
        "Prefix" => PatchKind.Prefix,
        "Postfix" => PatchKind.Postfix,
        "Finalizer" => PatchKind.Finalizer,
        "Transpiler" => PatchKind.Transpiler,
        _ when method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) => null,
        _ when method.IsDefined(typeof(HarmonyPrefix), inherit: false) => PatchKind.Prefix,
        _ when method.IsDefined(typeof(HarmonyPostfix), inherit: false) => PatchKind.Postfix,
        _ when method.IsDefined(typeof(HarmonyFinalizer), inherit: false) => PatchKind.Finalizer,
        _ when method.IsDefined(typeof(HarmonyTranspiler), inherit: false) => PatchKind.Transpiler,
        _ => null,
    };

    sealed record Job(MethodBase Original, PatchKind Kind, HarmonyMethod Method);
}

/// <summary>A patch class that was read: its patches, or why there are none.</summary>
sealed record CollectedClass(PatchClassProcessor Processor, List<Patch> Patches, HarmonyException? Problem);
