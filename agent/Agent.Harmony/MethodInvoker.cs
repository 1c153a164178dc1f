using System.Reflection;

namespace HarmonyLib;

/// <summary>Calls a method with its arguments in an array, which has what the method writes into references afterwards.</summary>
public delegate object? FastInvokeHandler(object? target, params object?[] parameters);

/// <summary>Methods as delegates that take an array (harmony.pardeike.net, «MethodInvoker»). Exceptions of the method come as they are.</summary>
public static class MethodInvoker
{
    /// <summary>A delegate for a method.</summary>
    /// <param name="methodInfo">The method.</param>
    /// <param name="directBoxValueAccess">Refused: what a method writes into a reference to a value is a new object in the array, the box that was there stays as it was.</param>
    /// <exception cref="NotSupportedException">For <paramref name="directBoxValueAccess"/>.</exception>
    public static FastInvokeHandler GetHandler(MethodInfo methodInfo, bool directBoxValueAccess = false)
    {
        if (directBoxValueAccess)
            throw new NotSupportedException("directBoxValueAccess is not supported: values that are passed by reference are put into the array as new objects");
        var invoker = System.Reflection.MethodInvoker.Create(methodInfo);
        return (target, parameters) => invoker.Invoke(target, parameters.AsSpan());
    }
}
