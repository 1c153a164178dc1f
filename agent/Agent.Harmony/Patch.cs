using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace HarmonyLib;

/// <summary>One patch method that stands, or shall stand, in a method (harmony.pardeike.net, «Patch»).</summary>
public sealed class Patch : IComparable
{
    /// <summary>Whether its class or method asks for a log, which is not written here.</summary>
    public readonly bool debug;

    /// <summary>Counts the patches of the method in the order in which they were added, from 0.</summary>
    public int index;

    /// <summary>The id of the <see cref="Harmony"/> instance that added it.</summary>
    public readonly string owner;

    /// <summary>The static method that was given: what is called, or a factory that has made it (<see cref="GetMethod"/>).</summary>
    public MethodInfo PatchMethod { get; }

    /// <summary>The static method that is called.</summary>
    internal MethodInfo Called { get; }

    /// <summary>Higher runs earlier; 400 is normal.</summary>
    public readonly int priority;

    /// <summary>Ids of the owners whose patches come after this one.</summary>
    public readonly string[] before;

    /// <summary>Ids of the owners whose patches come before this one.</summary>
    public readonly string[] after;

    internal PatchKind Kind { get; }

    /// <summary>What is patched: of a generic method or type the definition, which all instantiations share.</summary>
    internal MethodBase Original { get; }

    /// <summary>The one instantiation of <see cref="Original"/> that the patch is for; null for all of them, or where there are none.</summary>
    internal MethodBase? Instantiation { get; }

    /// <summary>What the patch sees as the original.</summary>
    internal MethodBase Target => Instantiation ?? Original;

    /// <summary>What its parameters ask for.</summary>
    internal Weaving.Injection[] Injections => field ??= Weaving.Injection.Of(Called);

    /// <summary>Whether a parameter asks for that.</summary>
    internal bool AsksFor(string name)
    {
        foreach (var injection in Injections)
        {
            if (injection.Name == name)
                return true;
        }
        return false;
    }

    /// <summary>Whether woven code catches what it throws.</summary>
    internal bool IsGuarded { get; }

    /// <summary>Identifies this patch inside woven code.</summary>
    internal nint Cookie { get; }

    /// <summary>The same where a whole address does not fit.</summary>
    internal int Number
    {
        get
        {
            lock (AllNumbered)
            {
                if (field == 0)
                {
                    AllNumbered.Add(this);
                    field = AllNumbered.Count;
                }
                return field;
            }
        }
    }

    static readonly List<Patch> AllNumbered = [];

    internal static Patch Numbered(int number)
    {
        lock (AllNumbered)
            return AllNumbered[number - 1];
    }

    /// <summary>Failures in a row, in native memory so that woven code can reset it without a call.</summary>
    internal nint FailuresAddress { get; }

    /// <summary>That it fails.</summary>
    internal Complaint Failing { get; } = new();

    /// <summary>Names it in the log: «PageHandlerPatch.Prefix».</summary>
    internal string Name => PatchMethod.DeclaringType is { } declaring ? $"{declaring.Name}.{PatchMethod.Name}" : PatchMethod.Name;

    /// <exception cref="HarmonyException">The patch method cannot be one, whatever the original.</exception>
    internal unsafe Patch(Harmony owner, PatchKind kind, MethodBase original, HarmonyMethod patch)
    {
        this.owner = owner.Id;
        IsGuarded = owner.IsGuarded;
        Kind = kind;
        Original = Definition(original);
        Instantiation = IsInstantiation(original) ? original : null;
        PatchMethod = patch.method ?? throw new HarmonyException($"a {kind} for {original.Name} has no method");
        Called = GetMethod(original);
        priority = patch.priority == -1 ? Priority.Normal : patch.priority;
        before = patch.before ?? [];
        after = patch.after ?? [];
        debug = patch.debug ?? false;
        if (Instantiation is { IsCollectible: true })
            throw new HarmonyException($"{MethodName.Of(original)} cannot be patched: one of its types can be unloaded, and a patch would keep it; patch the definition, which is for all instantiations");
        CheckMethod();
        // Neither is ever freed: a thread may still be inside woven code long after the patch was taken out.
        Cookie = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        FailuresAddress = (nint)NativeMemory.AllocZeroed(sizeof(int));
    }

    /// <summary>A description of a patch that is nowhere, for <see cref="PatchProcessor.GetSortedPatchMethods"/>.</summary>
    public Patch(MethodInfo patch, int index, string owner, int priority, string[]? before, string[]? after, bool debug)
    {
        (PatchMethod, this.index, this.owner, this.priority, this.before, this.after, this.debug) = (patch, index, owner, priority, before ?? [], after ?? [], debug);
        (Called, Original) = (patch, patch);
    }

    /// <inheritdoc cref="Patch(MethodInfo, int, string, int, string[], string[], bool)"/>
    public Patch(HarmonyMethod method, int index, string owner)
        : this(method.method!, index, owner, method.priority == -1 ? Priority.Normal : method.priority, method.before, method.after, method.debug ?? false) { }

    /// <summary>What is called in an original: the patch method or, if that is a factory (static, takes a MethodBase alone and returns a MethodInfo or DynamicMethod), what it makes for it.</summary>
    public MethodInfo GetMethod(MethodBase original)
    {
        if (!PatchMethod.IsStatic || PatchMethod.ReturnType != typeof(MethodInfo) && PatchMethod.ReturnType != typeof(DynamicMethod) || PatchMethod.GetParameters() is not [{ ParameterType: var only }] || only != typeof(MethodBase))
            return PatchMethod;
        try
        {
            return PatchMethod.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [original], null) as MethodInfo ?? throw new HarmonyException("it returned nothing");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new HarmonyException($"the factory {Name} failed: {e.Message}", e);
        }
    }

    /// <summary>What it shares its state with, and its end: those of its class. A method that was made at run time is alone.</summary>
    internal MemberInfo Class => (MemberInfo?)PatchMethod.DeclaringType ?? PatchMethod;

    /// <summary>Where the code calls it.</summary>
    internal nint Address => Called is DynamicMethod dynamic ? Transpiling.Indirection.AddressOf(dynamic) : Called.MethodHandle.GetFunctionPointer();

    /// <summary>Whether it is the same method.</summary>
    public override bool Equals(object? obj) => obj is Patch other && other.PatchMethod == PatchMethod;

    /// <inheritdoc/>
    public override int GetHashCode() => PatchMethod.GetHashCode();

    /// <summary>Higher priorities first, then in the order of adding.</summary>
    public int CompareTo(object? obj) => obj is not Patch other ? -1 : other.priority != priority ? other.priority.CompareTo(priority) : index.CompareTo(other.index);

    /// <summary>A postfix that gets the result as its first parameter and returns another (harmony.pardeike.net, «Postfix»).</summary>
    internal bool IsPassThrough => Kind == PatchKind.Postfix && Called.ReturnType != typeof(void);

    /// <summary>A body belongs to the definition, not to one instantiation.</summary>
    internal static MethodBase Definition(MethodBase method)
    {
        if (method is MethodInfo { IsGenericMethod: true } generic)
            method = generic.GetGenericMethodDefinition();
        return method.DeclaringType is { IsConstructedGenericType: true } declaring && method.ReflectedType == declaring ? method.Module.ResolveMethod(method.MetadataToken)! : method;
    }

    /// <summary>Whether all types of a generic method and its class are given.</summary>
    internal static bool IsInstantiation(MethodBase method) =>
        (method.IsGenericMethod || method.DeclaringType is { IsConstructedGenericType: true } declaring && method.ReflectedType == declaring) && !method.ContainsGenericParameters;

    void CheckMethod()
    {
        var returned = Called.ReturnType;
        if (Kind == PatchKind.Transpiler && Transpiling.Transpiler.Refusal(Called) is { } refusal)
            throw new HarmonyException($"{Name} {refusal}");
        if (Kind == PatchKind.Transpiler && Instantiation is not null)
            throw new HarmonyException($"{MethodName.Of(Instantiation)} cannot be patched: {Name} is a transpiler of one instantiation, and all of them share the body; make it one of the definition");
        if (!Called.IsStatic)
            throw new HarmonyException($"{Name} must be static");
        if (Called.ContainsGenericParameters)
            throw new HarmonyException($"{Name} must not be generic");
        if (returned == typeof(void))
            return;
        var parameters = Called.GetParameters();
        var reason = Kind switch
        {
            PatchKind.Transpiler => null,
            PatchKind.Prefix when returned != typeof(bool) => $"Prefix patch {Name} has not \"bool\" or \"void\" return type: {returned}",
            PatchKind.Postfix when parameters is not [var first, ..] => $"Postfix patch {Name} must have a \"void\" return type: it returns {returned} and has no parameter that it could pass through",
            PatchKind.Postfix when parameters[0].ParameterType != returned => $"Return type of pass through postfix {Name} does not match type of its first parameter: it returns {returned} and takes {parameters[0].ParameterType}",
            PatchKind.Finalizer when !typeof(Exception).IsAssignableFrom(returned) => $"Finalizer patch {Name} has not \"Exception\" or \"void\" return type: {returned}",
            _ => null,
        };
        if (reason is not null)
            throw new HarmonyException(reason);
    }
}

/// <summary>When a patch runs, relative to the original.</summary>
enum PatchKind
{
    Prefix,
    Postfix,
    Finalizer,
    Transpiler,
}
