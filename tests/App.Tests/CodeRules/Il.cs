using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace IntegrationPoints.App.Tests.CodeRules;

/// <summary>Reads compiled code (ECMA-335, III).</summary>
internal static class Il
{
    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>The methods and fields that a method's code names, in order.</summary>
    public static IEnumerable<MemberInfo> MembersOf(MethodBase method) => NamesOf(method).OfType<MemberInfo>();

    /// <summary>The methods, fields and string constants that a method's code names, in order.</summary>
    public static IEnumerable<object> NamesOf(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) yield break;
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var position = 0; position < code.Length;)
        {
            short value = code[position++];
            if (value == 0xFE) value = (short)(0xFE00 | code[position++]);
            var opcode = OpCodes[value];
            if (opcode.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok)
            {
                var token = BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(position));
                if (method.Module.ResolveMember(token, typeArguments, methodArguments) is { } member and not Type) yield return member;
            }
            if (opcode.OperandType is OperandType.InlineString) yield return method.Module.ResolveString(BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(position)));
            position += Length(opcode.OperandType, code, position);
        }
    }

    private static int Length(OperandType operand, byte[] code, int position) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(position))),
        _ => 4,
    };
}
