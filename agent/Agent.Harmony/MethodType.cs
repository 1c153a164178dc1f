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

    /// <summary>The operator method op_Implicit.</summary>
    OperatorImplicit,

    /// <summary>The operator method op_Explicit.</summary>
    OperatorExplicit,

    /// <summary>The operator method op_UnaryPlus.</summary>
    OperatorUnaryPlus,

    /// <summary>The operator method op_UnaryNegation.</summary>
    OperatorUnaryNegation,

    /// <summary>The operator method op_LogicalNot.</summary>
    OperatorLogicalNot,

    /// <summary>The operator method op_OnesComplement.</summary>
    OperatorOnesComplement,

    /// <summary>The operator method op_Increment.</summary>
    OperatorIncrement,

    /// <summary>The operator method op_Decrement.</summary>
    OperatorDecrement,

    /// <summary>The operator method op_True.</summary>
    OperatorTrue,

    /// <summary>The operator method op_False.</summary>
    OperatorFalse,

    /// <summary>The operator method op_Addition.</summary>
    OperatorAddition,

    /// <summary>The operator method op_Subtraction.</summary>
    OperatorSubtraction,

    /// <summary>The operator method op_Multiply.</summary>
    OperatorMultiply,

    /// <summary>The operator method op_Division.</summary>
    OperatorDivision,

    /// <summary>The operator method op_Modulus.</summary>
    OperatorModulus,

    /// <summary>The operator method op_BitwiseAnd.</summary>
    OperatorBitwiseAnd,

    /// <summary>The operator method op_BitwiseOr.</summary>
    OperatorBitwiseOr,

    /// <summary>The operator method op_ExclusiveOr.</summary>
    OperatorExclusiveOr,

    /// <summary>The operator method op_LeftShift.</summary>
    OperatorLeftShift,

    /// <summary>The operator method op_RightShift.</summary>
    OperatorRightShift,

    /// <summary>The operator method op_Equality.</summary>
    OperatorEquality,

    /// <summary>The operator method op_Inequality.</summary>
    OperatorInequality,

    /// <summary>The operator method op_GreaterThan.</summary>
    OperatorGreaterThan,

    /// <summary>The operator method op_LessThan.</summary>
    OperatorLessThan,

    /// <summary>The operator method op_GreaterThanOrEqual.</summary>
    OperatorGreaterThanOrEqual,

    /// <summary>The operator method op_LessThanOrEqual.</summary>
    OperatorLessThanOrEqual,

    /// <summary>The operator method op_Comma.</summary>
    OperatorComma,
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

    /// <summary>Transpilers.</summary>
    Transpiler,

    /// <summary>Finalizers.</summary>
    Finalizer,

    /// <summary>Reverse patches.</summary>
    ReversePatch,
}

/// <summary>What a reverse patch copies (harmony.pardeike.net, «Reverse patch»).</summary>
public enum HarmonyReversePatchType
{
    /// <summary>The original as it was compiled.</summary>
    Original,

    /// <summary>The original with the transpilers that it has now.</summary>
    Snapshot,
}

/// <summary>How a delegate calls a method that can be overridden (harmony.pardeike.net, «MethodDispatchType»).</summary>
public enum MethodDispatchType
{
    /// <summary>Whichever overrides it.</summary>
    VirtualCall,

    /// <summary>That very method.</summary>
    Call,
}
