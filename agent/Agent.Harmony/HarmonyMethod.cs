using System.Reflection;

namespace HarmonyLib;

/// <summary>
/// A patch method with its settings, or what annotations say about a target; with HarmonyLib's field names
/// (harmony.pardeike.net, «HarmonyMethod»).
/// </summary>
public sealed class HarmonyMethod
{
    /// <summary>The patch method itself; null when this describes a target.</summary>
    public MethodInfo? method { get; set; }

    /// <summary>The category of a patch class.</summary>
    public string? category { get; set; }

    /// <summary>The type that declares the target.</summary>
    public Type? declaringType { get; set; }

    /// <summary>«Namespace.Type, Assembly» of the target, where <see cref="declaringType"/> cannot be given. Not in HarmonyLib.</summary>
    public string? typeName { get; set; }

    /// <summary>The target's name.</summary>
    public string? methodName { get; set; }

    /// <summary>What of the target; null means <see cref="MethodType.Normal"/>.</summary>
    public MethodType? methodType { get; set; }

    /// <summary>The target's parameter types; null means that the name alone decides.</summary>
    public Type[]? argumentTypes { get; set; }

    /// <summary>Higher runs earlier; -1 means <see cref="Priority.Normal"/>.</summary>
    public int priority { get; set; } = -1;

    /// <summary>Ids of the owners whose patches come after this one.</summary>
    public string[]? before { get; set; }

    /// <summary>Ids of the owners whose patches come before this one.</summary>
    public string[]? after { get; set; }

    /// <summary>Taken and ignored: there is no debug log of replaced methods.</summary>
    public bool? debug { get; set; }

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
        ?? throw new ArgumentException($"{methodType} has no method {methodName}", nameof(methodName)))
    { }

    /// <summary>Adds what the annotations of a class, a method or a delegate type say.</summary>
    internal HarmonyMethod Complete(MemberInfo annotated)
    {
        if (annotated.IsDefined(typeof(HarmonyAttribute), inherit: false)) // much cheaper than creating attributes
        {
            foreach (var attribute in annotated.GetCustomAttributes<HarmonyAttribute>(inherit: false))
                Complete(attribute.info);
        }
        return this;
    }

    internal HarmonyMethod Complete(HarmonyMethod other)
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
        return this;
    }
}
