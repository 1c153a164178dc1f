namespace Agent.Viewer.Storage;

/// <summary>How a <see cref="FilterTerm"/> compares.</summary>
public enum FilterOperator
{
    /// <summary>It is there, whatever its value.</summary>
    Exists,

    /// <summary><c>=</c>: the value as text is the same; <c>*</c> stands for any characters.</summary>
    Equal,

    /// <summary><c>~</c>, and free text: the value as text contains it, upper and lower case alike.</summary>
    Contains,

    /// <summary><c>&gt;</c>: it is a greater number.</summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,
}
