using System.Reflection;
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

    /// <summary>The static method that is called.</summary>
    public MethodInfo PatchMethod { get; }

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
    internal Weaving.Injection[] Injections => field ??= Weaving.Injection.Of(PatchMethod);

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
    internal string Name => $"{PatchMethod.DeclaringType?.Name}.{PatchMethod.Name}";

    /// <exception cref="HarmonyException">The patch method cannot be one, whatever the original.</exception>
    internal unsafe Patch(Harmony owner, PatchKind kind, MethodBase original, HarmonyMethod patch)
    {
        this.owner = owner.Id;
        IsGuarded = owner.IsGuarded;
        Kind = kind;
        Original = Definition(original);
        Instantiation = IsInstantiation(original) ? original : null;
        PatchMethod = patch.method ?? throw new HarmonyException($"a {kind} for {original.Name} has no method");
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

    /// <summary>The patch method: there are no factories of patches here.</summary>
    public MethodInfo GetMethod(MethodBase original) => PatchMethod;

    /// <summary>Whether it is the same method.</summary>
    public override bool Equals(object? obj) => obj is Patch other && other.PatchMethod == PatchMethod;

    /// <inheritdoc/>
    public override int GetHashCode() => PatchMethod.GetHashCode();

    /// <summary>Higher priorities first, then in the order of adding.</summary>
    public int CompareTo(object? obj) => obj is not Patch other ? -1 : other.priority != priority ? other.priority.CompareTo(priority) : index.CompareTo(other.index);

    /// <summary>A postfix that gets the result as its first parameter and returns another (harmony.pardeike.net, «Postfix»).</summary>
    internal bool IsPassThrough => Kind == PatchKind.Postfix && PatchMethod.ReturnType != typeof(void);

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
        var returned = PatchMethod.ReturnType;
        if (Kind == PatchKind.Transpiler && Transpiling.Transpiler.Refusal(PatchMethod) is { } refusal)
            throw new HarmonyException($"{Name} {refusal}");
        if (Kind == PatchKind.Transpiler && Instantiation is not null)
            throw new HarmonyException($"{MethodName.Of(Instantiation)} cannot be patched: {Name} is a transpiler of one instantiation, and all of them share the body; make it one of the definition");
        if (PatchMethod.DeclaringType is null)
            throw new HarmonyException($"{Name} is a dynamic method; a patch must be a method of a class");
        if (!PatchMethod.IsStatic)
            throw new HarmonyException($"{Name} must be static");
        if (PatchMethod.ContainsGenericParameters)
            throw new HarmonyException($"{Name} must not be generic");
        if (returned == typeof(void))
            return;
        var parameters = PatchMethod.GetParameters();
        var reason = Kind switch
        {
            PatchKind.Transpiler => null,
            PatchKind.Prefix when returned != typeof(bool) => "a prefix returns nothing or bool",
            PatchKind.Postfix when parameters is not [var first, ..] || first.ParameterType != returned => "a postfix returns nothing or the type of its first parameter",
            PatchKind.Finalizer when !typeof(Exception).IsAssignableFrom(returned) => "a finalizer returns nothing or an Exception",
            _ => null,
        };
        if (reason is not null)
            throw new HarmonyException($"{Name} must not return {returned.Name}: {reason}");
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
