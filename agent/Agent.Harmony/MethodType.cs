namespace HarmonyLib;

/// <summary>What of a member a patch is for (harmony.pardeike.net, «MethodType»).</summary>
public enum MethodType
{
    /// <summary>An ordinary method.</summary>
    Normal,

    /// <summary>The getter of a property, or of the indexer if no name is given.</summary>
    Getter,

    /// <summary>The setter of a property, or of the indexer if no name is given.</summary>
    Setter,

    /// <summary>An instance constructor.</summary>
    Constructor,

    /// <summary>A static constructor. Refused: it runs once, and may have run already.</summary>
    StaticConstructor,

    /// <summary>The MoveNext method of an iterator: the code that stands in the iterator's source.</summary>
    Enumerator,

    /// <summary>The MoveNext method of an async method or async iterator: the code that stands in the method's source. A runtime-async method itself, which has none.</summary>
    Async,

    /// <summary>The finalizer of a type.</summary>
    Finalizer,

    /// <summary>The add method of an event.</summary>
    EventAdd,

    /// <summary>The remove method of an event.</summary>
    EventRemove,
}

/// <summary>What a parameter type is in the target, for annotations, where references and pointers cannot be written (harmony.pardeike.net, «ArgumentType»).</summary>
public enum ArgumentType
{
    /// <summary>The type itself.</summary>
    Normal,

    /// <summary>A reference: ref or in.</summary>
    Ref,

    /// <summary>A reference: out.</summary>
    Out,

    /// <summary>A pointer.</summary>
    Pointer,
}

/// <summary>Kinds of patches, to choose what to take out (harmony.pardeike.net, «HarmonyPatchType»).</summary>
public enum HarmonyPatchType
{
    /// <summary>Any patch.</summary>
    All,

    /// <summary>Prefixes.</summary>
    Prefix,

    /// <summary>Postfixes.</summary>
    Postfix,

    /// <summary>Transpilers; there are none.</summary>
    Transpiler,

    /// <summary>Finalizers.</summary>
    Finalizer,

    /// <summary>Reverse patches; there are none.</summary>
    ReversePatch,
}
