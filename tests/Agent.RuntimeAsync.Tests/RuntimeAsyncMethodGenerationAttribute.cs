namespace System.Runtime.CompilerServices;

/// <summary>What the compiler looks for on a method that shall not be compiled as the project's others are; the framework does not have it.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class RuntimeAsyncMethodGenerationAttribute(bool runtimeAsync) : Attribute
{
    public bool RuntimeAsync { get; } = runtimeAsync;
}
