using System.Reflection;
using System.Reflection.Emit;

namespace AiPlatform.Architecture.Tests;

/// <summary>
/// The types a type depends on: in its base, interfaces, attributes and signatures, and in the bodies of its methods, with those of its nested types
/// (lambdas, iterators and async methods are such). What the compiler copies, constants, leaves no trace.
/// </summary>
internal static class UsedTypes
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IReadOnlySet<Type> Of(Type type)
    {
        var used = new HashSet<Type>();
        AddType(type, used);
        used.Remove(type);
        return used;
    }

    private static void AddType(Type type, HashSet<Type> used)
    {
        Add(type.BaseType, used);
        foreach (var contract in type.GetInterfaces()) Add(contract, used);
        AddAttributes(type, used);
        foreach (var parameter in type.GetGenericArguments().Where(argument => argument.IsGenericParameter))
            foreach (var constraint in parameter.GetGenericParameterConstraints()) Add(constraint, used);
        foreach (var member in type.GetMembers(Declared))
        {
            AddAttributes(member, used);
            switch (member)
            {
                case FieldInfo field:
                    Add(field.FieldType, used);
                    break;
                case MethodBase method:
                    AddSignature(method, used);
                    AddBody(method, used);
                    break;
                case Type nested:
                    AddType(nested, used);
                    break;
            }
        }
    }

    private static void Add(Type? type, HashSet<Type> used)
    {
        if (type is null || type.IsGenericParameter) return;
        if (type.HasElementType) Add(type.GetElementType(), used);
        else if (used.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type) || type.IsGenericType)
            foreach (var argument in type.GetGenericArguments()) Add(argument, used);
    }

    private static void AddAttributes(MemberInfo member, HashSet<Type> used)
    {
        foreach (var attribute in member.CustomAttributes)
        {
            Add(attribute.AttributeType, used);
            foreach (var argument in attribute.ConstructorArguments.Where(argument => argument.Value is Type)) Add((Type)argument.Value!, used);
        }
    }

    private static void AddSignature(MethodBase method, HashSet<Type> used)
    {
        foreach (var parameter in method.GetParameters()) Add(parameter.ParameterType, used);
        if (method is MethodInfo { ReturnType: var result }) Add(result, used);
        if (method.IsGenericMethod)
            foreach (var argument in method.GetGenericArguments()) Add(argument, used);
    }

    private static void AddBody(MethodBase method, HashSet<Type> used)
    {
        if (method.GetMethodBody() is not { } body) return;
        foreach (var local in body.LocalVariables) Add(local.LocalType, used);
        foreach (var clause in body.ExceptionHandlingClauses.Where(clause => clause.Flags is ExceptionHandlingClauseOptions.Clause)) Add(clause.CatchType, used);
        var typeArguments = method.DeclaringType is { IsGenericType: true } owner ? owner.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var token in TokensOf(body.GetILAsByteArray()!))
        {
            switch (method.Module.ResolveMember(token, typeArguments, methodArguments))
            {
                case Type type:
                    Add(type, used);
                    break;
                case FieldInfo field:
                    Add(field.DeclaringType, used);
                    Add(field.FieldType, used);
                    break;
                case MethodBase called:
                    Add(called.DeclaringType, used);
                    AddSignature(called, used);
                    break;
            }
        }
    }

    /// <summary>The metadata tokens among the operands of the instructions.</summary>
    private static IEnumerable<int> TokensOf(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            short value = il[at++];
            if (value == 0xfe) value = (short)(0xfe00 | il[at++]);
            switch (OpCodesByValue[value].OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(il, at));
                    break;
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    yield return BitConverter.ToInt32(il, at);
                    at += 4;
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }
}
