// The legacy parameters at random: what takes the place of the expressions of a request.

const OPERATORS = [
  'EQ', 'EQ', 'NE', 'IN', 'LE', 'LT', 'GE', 'GT', 'BETWEEN', 'NOT_NULL', 'NULL', 'CONTAINS', 'NOT_CONTAINS', 'BEGINS_WITH',
];
const ARGUMENT_COUNTS = {NULL: 0, NOT_NULL: 0, BETWEEN: 2};
const KEY_OPERATORS = ['EQ', 'LT', 'LE', 'GT', 'GE', 'BETWEEN'];
const EXPRESSIONS = [
  'ConditionExpression', 'UpdateExpression', 'KeyConditionExpression', 'FilterExpression', 'ProjectionExpression',
  'ExpressionAttributeNames', 'ExpressionAttributeValues',
];
const CONDITIONS = ['Expected', 'QueryFilter', 'ScanFilter', 'KeyConditions', 'AttributeUpdates'];

export class LegacyParameters {
  // `requests` chooses attributes, keys and values.
  constructor(requests) {
    this.requests = requests;
    this.random = requests.random;
    this.values = requests.values;
  }

  // --- instead of expressions

  replaceInWrite(request, table) {
    const {random} = this;
    const {operation, body} = request;
    this.dropExpressions(body);
    if (operation === 'UpdateItem') body.AttributeUpdates = this.updates(table);
    if (random.chance(0.5)) {
      body.Expected = this.mapOf(table, 1, 3, (name) => this.expected(name));
      this.join(body, body.Expected);
    }
    return request;
  }
  replaceInGet(body, table) {
    this.dropExpressions(body);
    body.AttributesToGet = this.attributesToGet(table);
    return body;
  }
  // `index`: that of the request, or undefined.
  replaceInPage(request, table, index) {
    const {random} = this;
    const {operation, body} = request;
    const chosen = body.ProjectionExpression !== undefined;
    const filtered = body.FilterExpression !== undefined;
    this.dropExpressions(body);
    if (operation === 'Query') body.KeyConditions = this.keyConditions(table, index ?? table);
    if (filtered) {
      const name = operation === 'Query' ? 'QueryFilter' : 'ScanFilter';
      body[name] = this.mapOf(table, 1, 3, (each) => this.condition(each));
      this.join(body, body[name]);
    }
    if (chosen) body.AttributesToGet = this.attributesToGet(table);
    // A key of this kind may stand beside expressions.
    if (operation === 'Query' && !chosen && !filtered && random.chance(0.2)) {
      body.FilterExpression = 'attribute_exists(a)';
    }
    return request;
  }
  dropExpressions(body) {
    for (const name of EXPRESSIONS) delete body[name];
  }
  join(body, conditions) {
    const {random} = this;
    if (Object.keys(conditions).length >= 2 && random.chance(0.6)) body.ConditionalOperator = random.pick(['AND', 'OR']);
  }

  // --- parts

  mapOf(table, least, most, make) {
    return Object.fromEntries(this.random.some(least, most, () => {
      const name = this.requests.attribute(table);
      return [name, make(name)];
    }));
  }
  condition(name) {
    const {random, values} = this;
    const operator = random.pick(OPERATORS);
    // a is a number most of the time.
    const type = name === 'a' && random.chance(0.7) ? 'N' : random.chance(0.9) ? random.pick(['S', 'N', 'N', 'B']) : random.pick(['BOOL', 'NULL', 'SS', 'L', 'M']);
    const count = ARGUMENT_COUNTS[operator] ?? (operator === 'IN' ? 1 + random.below(3) : 1);
    const list = Array.from({length: count}, () => ['EQ', 'NE'].includes(operator) ? values.value() : values.ofType(type));
    // Bounds in their order, most of the time.
    if (operator === 'BETWEEN' && type === 'N' && random.chance(0.9)) list.sort((a, b) => a.N - b.N);
    const hasList = count > 0 || random.chance(0.3);
    return {ComparisonOperator: operator, ...(hasList ? {AttributeValueList: list} : {})};
  }
  expected(name) {
    const {random, values} = this;
    return random.pick([
      () => ({Value: values.value()}), () => ({Value: values.ofType('N'), Exists: true}), () => ({Exists: false}), () => ({Exists: false}),
      () => ({ComparisonOperator: random.pick(['NULL', 'NOT_NULL'])}), () => ({ComparisonOperator: 'NE', Value: values.value()}),
      () => ({ComparisonOperator: random.pick(['EQ', 'NE', 'LT', 'GE']), Value: values.ofType(random.pick(['S', 'N']))}),
      () => this.condition(name), () => this.condition(name),
    ])();
  }
  keyConditions(table, source) {
    const {random, requests} = this;
    const value = (name) => requests.keyValue(requests.typeIn(table, name));
    const equal = (name) => ({ComparisonOperator: 'EQ', AttributeValueList: [value(name)]});
    const named = (type) => source.KeySchema.filter(({KeyType}) => KeyType === type).map(({AttributeName}) => AttributeName);
    const conditions = Object.fromEntries(named('HASH').map((name) => [name, equal(name)]));
    for (const name of named('RANGE')) {
      if (random.chance(0.5)) break;
      const isBytes = requests.typeIn(table, name) !== 'N';
      const operator = random.pick(isBytes ? [...KEY_OPERATORS, 'BEGINS_WITH'] : KEY_OPERATORS);
      conditions[name] = {
        ComparisonOperator: operator, AttributeValueList: Array.from({length: ARGUMENT_COUNTS[operator] ?? 1}, () => value(name)),
      };
      if (operator !== 'EQ') break;
    }
    return conditions;
  }
  updates(table) {
    const {random, values, requests} = this;
    const updates = this.mapOf(table, 1, 3, () => random.pick([
      () => ({Value: values.value()}), () => ({Value: values.value(), Action: 'PUT'}), () => ({Action: 'DELETE'}),
      () => ({Value: values.ofType(random.pick(['N', 'SS', 'L'])), Action: 'ADD'}),
      () => ({Value: values.ofType(random.pick(['SS', 'NS', 'BS'])), Action: 'DELETE'}),
    ])());
    // Index keys get values of their type, most of the time.
    for (const name of requests.indexed(table)) {
      if (name in updates && random.chance(0.9)) updates[name] = {Value: requests.keyValue(requests.typeIn(table, name))};
    }
    if (random.chance(0.3)) updates.a = {Value: values.ofType('N'), Action: 'ADD'};
    if (random.chance(0.3)) updates.b = {Value: values.ofType('SS'), Action: random.pick(['ADD', 'DELETE'])};
    if (random.chance(0.3)) updates.d = {Value: values.ofType('L'), Action: 'ADD'};
    return random.chance(0.03) ? {} : updates;
  }
  attributesToGet(table) {
    return [...new Set(this.random.some(1, 3, () => this.random.chance(0.2) ? 'p' : this.requests.attribute(table)))];
  }

  // --- faults

  spoil(body, table) {
    const {random, values} = this;
    const maps = CONDITIONS.filter((name) => body[name] && Object.keys(body[name]).length > 0);
    const each = maps.length && body[random.pick(maps)];
    const attribute = each && random.pick(Object.keys(each));
    const value = () => random.pick([() => values.value(), () => values.bad()])();
    random.pick([
      () => body.ConditionalOperator = random.pick(['AND', 'OR', 'XOR']),
      () => body[random.pick(CONDITIONS)] = {[this.requests.attribute(table)]: this.expected()},
      () => body.AttributesToGet = random.pick([['a'], ['a', 'a'], [], ['a', 'zz']]),
      () => body[random.pick(EXPRESSIONS)] = 'attribute_exists(a)',
      ...(!each ? [] : [
        () => each[attribute].Value = value(),
        () => each[attribute].Exists = random.chance(0.5),
        () => each[attribute].ComparisonOperator = random.pick([...OPERATORS, 'XX', null]),
        () => each[attribute].AttributeValueList = random.some(0, 3, value),
        () => each[attribute].Action = random.pick(['ADD', 'PUT', 'DELETE', 'SET']),
        () => delete each[attribute].Value,
        () => delete each[attribute].AttributeValueList,
        () => each[random.pick(['p', 's', 'zz', this.requests.attribute(table)])] = structuredClone(each[attribute]),
        () => delete each[attribute],
      ]),
    ])();
  }
}
