using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib;

/// <summary>Calls a method with its arguments in an array, which has what the method writes into references afterwards.</summary>
public delegate object? FastInvokeHandler(object? target, params object?[] parameters);

/// <summary>Methods as delegates that take an array (harmony.pardeike.net, «MethodInvoker»). Exceptions of the method come as they are.</summary>
public static class MethodInvoker
{
    /// <summary>A delegate for a method.</summary>
    /// <param name="methodInfo">The method.</param>
    /// <param name="directBoxValueAccess">
    /// Whether a method that gets a value by reference writes into the very object that is in the array; otherwise, a new object is put there.
    /// </param>
    public static FastInvokeHandler GetHandler(MethodInfo methodInfo, bool directBoxValueAccess = false)
    {
        ArgumentNullException.ThrowIfNull(methodInfo);
        var references = methodInfo.GetParameters().Index().Where(static parameter => parameter.Item.ParameterType is { IsByRef: true } type && type.GetElementType()!.IsValueType)
            .Select(static parameter => (parameter.Index, Type: parameter.Item.ParameterType.GetElementType()!)).ToArray();
        if (!directBoxValueAccess || references.Length == 0)
        {
            var invoker = System.Reflection.MethodInvoker.Create(methodInfo);
            return (target, parameters) => invoker.Invoke(target, parameters.AsSpan());
        }
        var direct = Direct(methodInfo);
        return (target, parameters) =>
        {
            foreach (var (index, type) in references)
                parameters[index] ??= AccessTools.GetDefaultValue(type);
            return direct(target, parameters);
        };
    }

    static FastInvokeHandler Direct(MethodInfo method)
    {
        var handler = new DynamicMethod(method.Name, typeof(object), [typeof(object), typeof(object[])], typeof(MethodInvoker).Module, skipVisibility: true);
        var il = handler.GetILGenerator();
        if (!method.IsStatic)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(method.DeclaringType!.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, method.DeclaringType);
        }
        var written = new List<(int Index, LocalBuilder Local)>();
        foreach (var (index, parameter) in method.GetParameters().Index())
        {
            var type = parameter.ParameterType;
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Ldelem_Ref);
            if (!type.IsByRef)
            {
                il.Emit(OpCodes.Unbox_Any, type);
            }
            else if (type.GetElementType()! is { IsValueType: true } value)
            {
                il.Emit(OpCodes.Unbox, value);
            }
            else
            {
                var local = il.DeclareLocal(type.GetElementType()!);
                il.Emit(OpCodes.Castclass, local.LocalType);
                il.Emit(OpCodes.Stloc, local);
                il.Emit(OpCodes.Ldloca, local);
                written.Add((index, local));
            }
        }
        il.Emit(method.IsStatic || method.DeclaringType!.IsValueType ? OpCodes.Call : OpCodes.Callvirt, method);
        if (method.ReturnType == typeof(void))
            il.Emit(OpCodes.Ldnull);
        else if (method.ReturnType.IsValueType)
            il.Emit(OpCodes.Box, method.ReturnType);
        foreach (var (index, local) in written)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Ldloc, local);
            il.Emit(OpCodes.Stelem_Ref);
        }
        il.Emit(OpCodes.Ret);
        return handler.CreateDelegate<FastInvokeHandler>();
    }
}
