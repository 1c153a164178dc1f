namespace HarmonyLib;

/// <summary>The base of the annotations that say something about a target or a patch (harmony.pardeike.net, «Annotations»).</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
public class HarmonyAttribute : Attribute
{
    /// <summary>What this annotation says, as far as it says anything.</summary>
    public HarmonyMethod info = new();
}

/// <summary>Puts a patch class into a category, for <see cref="Harmony.PatchCategory(string)"/> (harmony.pardeike.net, «Annotations»).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class HarmonyPatchCategory : HarmonyAttribute
{
    /// <param name="category">The category's name.</param>
    public HarmonyPatchCategory(string category) => info.category = category;
}

/// <summary>
/// Patches every method, constructor, getter and setter that the type declares itself, instead of one. Members without a body are
/// left out (harmony.pardeike.net, «HarmonyPatchAll»).
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class HarmonyPatchAll : HarmonyAttribute;

/// <summary>The priority of a patch, or of all patches of a class (harmony.pardeike.net, «Priorities»).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class HarmonyPriority : HarmonyAttribute
{
    /// <param name="priority">Higher runs earlier; <see cref="Priority.Normal"/> without this annotation.</param>
    public HarmonyPriority(int priority) => info.priority = priority;
}

/// <summary>Runs a patch before those of other owners, whatever the priorities (harmony.pardeike.net, «Priorities»).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class HarmonyBefore : HarmonyAttribute
{
    /// <param name="before">Ids of <see cref="Harmony"/> instances.</param>
    public HarmonyBefore(params string[] before) => info.before = before;
}

/// <summary>Runs a patch after those of other owners, whatever the priorities (harmony.pardeike.net, «Priorities»).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class HarmonyAfter : HarmonyAttribute
{
    /// <param name="after">Ids of <see cref="Harmony"/> instances.</param>
    public HarmonyAfter(params string[] after) => info.after = after;
}

/// <summary>Taken and kept, without effect: there is no debug log of replaced methods.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class HarmonyDebug : HarmonyAttribute
{
    /// <summary>Says so in <see cref="HarmonyMethod.debug"/>.</summary>
    public HarmonyDebug() => info.debug = true;
}

/// <summary>Marks a method of a patch class as a prefix; the name «Prefix» does the same (harmony.pardeike.net, «Prefix»).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyPrefix : Attribute;

/// <summary>Marks a method of a patch class as a postfix; the name «Postfix» does the same (harmony.pardeike.net, «Postfix»).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyPostfix : Attribute;

/// <summary>Marks a method of a patch class as a finalizer; the name «Finalizer» does the same (harmony.pardeike.net, «Finalizer»).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyFinalizer : Attribute;

/// <summary>Marks a method of a patch class as a transpiler; the name «Transpiler» does the same (harmony.pardeike.net, «Transpiler»).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyTranspiler : Attribute;

/// <summary>Marks a method of a patch class that shall become a copy of the target (harmony.pardeike.net, «Reverse patch»).</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
public sealed class HarmonyReversePatch : HarmonyAttribute
{
    /// <param name="type">Of what it is a copy.</param>
    public HarmonyReversePatch(HarmonyReversePatchType type = HarmonyReversePatchType.Original) => info.reversePatchType = type;
}

/// <summary>Marks the method that is asked whether to patch; the name «Prepare» does the same (harmony.pardeike.net, «Auxiliary methods»).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyPrepare : Attribute;

/// <summary>Marks the method that is called after patching; the name «Cleanup» does the same (harmony.pardeike.net, «Auxiliary methods»).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyCleanup : Attribute;

/// <summary>Marks the method that returns the target; the name «TargetMethod» does the same (harmony.pardeike.net, «Auxiliary methods»).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyTargetMethod : Attribute;

/// <summary>Marks the method that returns the targets; the name «TargetMethods» does the same (harmony.pardeike.net, «Auxiliary methods»).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HarmonyTargetMethods : Attribute;

/// <summary>
/// Says what a parameter of a patch means: on the parameter, the target's argument, or a special name such as «__instance»; on a patch method or class, first the
/// name that the patch uses and then what it means (harmony.pardeike.net, «Injections»).
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Method | AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class HarmonyArgument : Attribute
{
    /// <summary>On a parameter, what it means; on a method or class, the name that the patch uses. Null if there is an <see cref="Index"/>.</summary>
    public string? OriginalName { get; }

    /// <summary>The argument's place in the target, from 0; -1 without one.</summary>
    public int Index { get; } = -1;

    /// <summary>On a method or class, what the name means, or with an <see cref="Index"/> the name that the patch uses.</summary>
    public string? NewName { get; }

    /// <param name="originalName">On a parameter: what it means.</param>
    public HarmonyArgument(string originalName) : this(originalName, null) { }

    /// <param name="index">On a parameter: the argument's place in the target, from 0.</param>
    public HarmonyArgument(int index) : this(index, null) { }

    /// <param name="originalName">On a method or class: the name that the patch uses.</param>
    /// <param name="newName">What it means: the target's argument, or a special name.</param>
    public HarmonyArgument(string originalName, string? newName) => (OriginalName, NewName) = (originalName, newName);

    /// <param name="index">The argument's place in the target, from 0.</param>
    /// <param name="name">On a method or class: the name that the patch uses.</param>
    public HarmonyArgument(int index, string? name) => (Index, NewName) = (index, name);
}

/// <summary>
/// On a delegate type: says which method it stands for, so that a patch with a parameter of that type gets a delegate of the method,
/// bound to the patched method's own instance (harmony.pardeike.net, «HarmonyDelegate»).
/// </summary>
[AttributeUsage(AttributeTargets.Delegate, AllowMultiple = true)]
public sealed class HarmonyDelegate : HarmonyPatch
{
    /// <inheritdoc/>
    public HarmonyDelegate(Type declaringType) : base(declaringType) { }

    /// <inheritdoc/>
    public HarmonyDelegate(Type declaringType, Type[] argumentTypes) : base(declaringType, argumentTypes) { }

    /// <inheritdoc/>
    public HarmonyDelegate(Type declaringType, string methodName) : base(declaringType, methodName) { }

    /// <inheritdoc/>
    public HarmonyDelegate(Type declaringType, string methodName, params Type[] argumentTypes) : base(declaringType, methodName, argumentTypes) { }

    /// <inheritdoc/>
    public HarmonyDelegate(Type declaringType, string methodName, Type[] argumentTypes, ArgumentType[] argumentVariations) : base(declaringType, methodName, argumentTypes, argumentVariations) { }

    /// <inheritdoc/>
    public HarmonyDelegate(Type declaringType, MethodDispatchType methodDispatchType) : base(declaringType) => SetDispatch(methodDispatchType);

    /// <inheritdoc/>
    public HarmonyDelegate(Type declaringType, MethodDispatchType methodDispatchType, params Type[] argumentTypes) : base(declaringType, argumentTypes) => SetDispatch(methodDispatchType);

    /// <inheritdoc/>
    public HarmonyDelegate(Type declaringType, MethodDispatchType methodDispatchType, Type[] argumentTypes, ArgumentType[] argumentVariations) : base(declaringType, MethodType.Normal, argumentTypes, argumentVariations) => SetDispatch(methodDispatchType);

    /// <inheritdoc/>
    public HarmonyDelegate(Type declaringType, string methodName, MethodDispatchType methodDispatchType) : base(declaringType, methodName) => SetDispatch(methodDispatchType);

    /// <inheritdoc/>
    public HarmonyDelegate(string methodName) : base(methodName) { }

    /// <inheritdoc/>
    public HarmonyDelegate(string methodName, params Type[] argumentTypes) : base(methodName, argumentTypes) { }

    /// <inheritdoc/>
    public HarmonyDelegate(string methodName, Type[] argumentTypes, ArgumentType[] argumentVariations) : base(methodName, argumentTypes, argumentVariations) { }

    /// <inheritdoc/>
    public HarmonyDelegate(string methodName, MethodDispatchType methodDispatchType) : base(methodName) => SetDispatch(methodDispatchType);

    /// <inheritdoc/>
    public HarmonyDelegate(MethodDispatchType methodDispatchType) : base(MethodType.Normal) => SetDispatch(methodDispatchType);

    /// <inheritdoc/>
    public HarmonyDelegate(MethodDispatchType methodDispatchType, params Type[] argumentTypes) : base(MethodType.Normal, argumentTypes) => SetDispatch(methodDispatchType);

    /// <inheritdoc/>
    public HarmonyDelegate(MethodDispatchType methodDispatchType, Type[] argumentTypes, ArgumentType[] argumentVariations) : base(MethodType.Normal, argumentTypes, argumentVariations) => SetDispatch(methodDispatchType);

    /// <inheritdoc/>
    public HarmonyDelegate(Type[] argumentTypes) : base(argumentTypes) { }

    /// <inheritdoc/>
    public HarmonyDelegate(Type[] argumentTypes, ArgumentType[] argumentVariations) : base(argumentTypes, argumentVariations) { }

    void SetDispatch(MethodDispatchType methodDispatchType) => info.nonVirtualDelegate = methodDispatchType == MethodDispatchType.Call;
}
