using System.Reflection;

namespace HarmonyLib;

/// <summary>
/// A patch method with its settings, or what annotations say about a target; with HarmonyLib's field names
/// (harmony.pardeike.net, «HarmonyMethod»).
/// </summary>
public class HarmonyMethod
{
    /// <summary>The patch method itself; null when this describes a target.</summary>
    public MethodInfo? method;

    /// <summary>The category of a patch class.</summary>
    public string? category;

    /// <summary>The type that declares the target.</summary>
    public Type? declaringType;

    /// <summary>«Namespace.Type, Assembly» of the target, where <see cref="declaringType"/> cannot be given. Not in HarmonyLib.</summary>
    public string? typeName;

    /// <summary>The target's name.</summary>
    public string? methodName;

    /// <summary>What of the target; null means <see cref="MethodType.Normal"/>.</summary>
    public MethodType? methodType;

    /// <summary>The target's parameter types; null means that the name alone decides.</summary>
    public Type[]? argumentTypes;

    /// <summary>Higher runs earlier; -1 means <see cref="Priority.Normal"/>.</summary>
    public int priority = -1;

    /// <summary>Ids of the owners whose patches come after this one.</summary>
    public string[]? before;

    /// <summary>Ids of the owners whose patches come before this one.</summary>
    public string[]? after;

    /// <summary>What a reverse patch copies; null means <see cref="HarmonyReversePatchType.Original"/>.</summary>
    public HarmonyReversePatchType? reversePatchType;

    /// <summary>Taken and kept, without effect: there is no debug log of replaced methods.</summary>
    public bool? debug;

    /// <summary>Of a delegate that a patch asks for: that very method, even if it is overridden (<see cref="MethodDispatchType.Call"/>).</summary>
    public bool nonVirtualDelegate;

    /// <summary>Describes nothing yet.</summary>
    public HarmonyMethod() { }

    /// <param name="method">A static method with injected parameters. Its own annotations count too.</param>
    /// <exception cref="ArgumentNullException">There is no method.</exception>
    public HarmonyMethod(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        this.method = method;
        Complete(method);
    }

    /// <param name="method">A static method with injected parameters.</param>
    /// <param name="priority">Higher runs earlier; -1 means <see cref="Priority.Normal"/>.</param>
    /// <param name="before">Ids of the owners whose patches come after this one.</param>
    /// <param name="after">Ids of the owners whose patches come before this one.</param>
    /// <param name="debug">Ignored.</param>
    public HarmonyMethod(MethodInfo method, int priority = -1, string[]? before = null, string[]? after = null, bool? debug = null) : this(method) =>
        (this.priority, this.before, this.after, this.debug) = (priority, before, after, debug);

    /// <param name="delegate">A static method with injected parameters.</param>
    public HarmonyMethod(Delegate @delegate) : this(@delegate?.Method!) { }

    /// <param name="delegate">A static method with injected parameters.</param>
    /// <param name="priority">Higher runs earlier; -1 means <see cref="Priority.Normal"/>.</param>
    /// <param name="before">Ids of the owners whose patches come after this one.</param>
    /// <param name="after">Ids of the owners whose patches come before this one.</param>
    /// <param name="debug">Ignored.</param>
    public HarmonyMethod(Delegate @delegate, int priority = -1, string[]? before = null, string[]? after = null, bool? debug = null) :
        this(@delegate?.Method!, priority, before, after, debug)
    { }

    /// <param name="methodType">The type that declares the patch method.</param>
    /// <param name="methodName">The patch method's name.</param>
    /// <param name="argumentTypes">The patch method's parameter types, to choose between overloads.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public HarmonyMethod(Type methodType, string methodName, Type[]? argumentTypes = null) : this(AccessTools.Method(methodType, methodName, argumentTypes)
        ?? throw new ArgumentException($"cannot find the method {methodName} of {methodType}", nameof(methodName)))
    { }

    /// <summary>A patch method, wherever one is taken.</summary>
    public static implicit operator HarmonyMethod?(MethodInfo? method) => method is null ? null : new(method);

    /// <summary>A patch method, wherever one is taken.</summary>
    public static implicit operator HarmonyMethod?(Delegate? method) => method is null ? null : new(method);

    /// <summary>The names of the fields that annotations can fill.</summary>
    public static List<string> HarmonyFields() => [.. AccessTools.GetFieldNames(typeof(HarmonyMethod)).Where(static name => name is not (nameof(method) or nameof(typeName)))];

    /// <summary>One description out of several, of which a later one wins.</summary>
    public static HarmonyMethod Merge(List<HarmonyMethod>? attributes)
    {
        var merged = new HarmonyMethod();
        foreach (var attribute in attributes ?? [])
            merged.Add(attribute);
        return merged;
    }

    /// <summary>What it says, for a message.</summary>
    public override string ToString() => $"{nameof(HarmonyMethod)}[{string.Join(", ", Said())}]";

    IEnumerable<string> Said()
    {
        if (method is not null)
            yield return $"method: {MethodName.Of(method)}";
        if (category is not null)
            yield return $"category: {category}";
        if ((declaringType?.FullName ?? typeName) is { } type)
            yield return $"class: {type}";
        if (methodName is not null)
            yield return $"methodname: {methodName}";
        if (methodType is not null)
            yield return $"type: {methodType}";
        if (argumentTypes is not null)
            yield return $"args: ({string.Join(", ", argumentTypes.Select(static type => type.FullName))})";
        if (priority != -1)
            yield return $"priority: {priority}";
    }

    /// <summary>Adds what the annotations of a class, a method or a delegate type say.</summary>
    internal HarmonyMethod Complete(MemberInfo annotated)
    {
        if (annotated.IsDefined(typeof(HarmonyAttribute), inherit: true)) // much cheaper than creating attributes
        {
            foreach (var attribute in annotated.GetCustomAttributes<HarmonyAttribute>(inherit: true)) // those of base classes are the last, and win
                Add(attribute.info);
        }
        return this;
    }

    internal HarmonyMethod Add(HarmonyMethod other)
    {
        category = other.category ?? category;
        if (other.declaringType is not null || other.typeName is not null)
            (declaringType, typeName) = (other.declaringType, other.typeName); // two ways to say the same
        methodName = other.methodName ?? methodName;
        methodType = other.methodType is null or MethodType.Normal ? methodType ?? other.methodType : other.methodType;
        argumentTypes = other.argumentTypes ?? argumentTypes;
        priority = other.priority != -1 ? other.priority : priority;
        before = other.before ?? before;
        after = other.after ?? after;
        reversePatchType = other.reversePatchType ?? reversePatchType;
        debug = other.debug ?? debug;
        nonVirtualDelegate |= other.nonVirtualDelegate;
        return this;
    }
}
