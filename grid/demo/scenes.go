package demo

import "wangge/geo/datum"

// where names a sort of spot.
type where string

// The sorts of spot. newWorld finds them on the map.
const (
	hospital   where = "hospital"
	university where = "university"
	school     where = "school"
	metro      where = "metro"
	mall       where = "mall"
	compound   where = "compound"
	park       where = "park"
	breakfast  where = "breakfast"
	corridor   where = "corridor"
	road       where = "road"
	mainRoad   where = "main road"
	crossing   where = "crossing"
	door       where = "door"
	beyond     where = "beyond"  // across the district's border
	nowhere    where = "nowhere" // words that name no place
)

// hours say when something is seen: the weight of each hour of the day.
type hours [24]float64

var (
	morning = hours{5: 2, 6: 7, 7: 9, 8: 7, 9: 1}
	rush    = hours{6: 2, 7: 7, 8: 8, 9: 3, 10: 1, 11: 2, 12: 2, 13: 1, 16: 2, 17: 6, 18: 6, 19: 2}
	overdue = hours{8: 1, 9: 8, 10: 4, 11: 1}
	visits  = hours{7: 3, 8: 7, 9: 9, 10: 9, 11: 6, 12: 2, 13: 6, 14: 7, 15: 5, 16: 3, 17: 1}
	daytime = hours{7: 2, 8: 4, 9: 6, 10: 6, 11: 5, 12: 3, 13: 4, 14: 6, 15: 6, 16: 5, 17: 4, 18: 3, 19: 2, 20: 1}
	evening = hours{16: 1, 17: 3, 18: 5, 19: 7, 20: 8, 21: 6, 22: 3}
	night   = hours{0: 6, 1: 5, 2: 3, 3: 2, 4: 1, 5: 1, 20: 1, 21: 3, 22: 8, 23: 8}
	anyTime = hours{
		0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 2, 7: 4, 8: 5, 9: 5, 10: 5, 11: 4,
		12: 3, 13: 4, 14: 5, 15: 5, 16: 4, 17: 4, 18: 4, 19: 3, 20: 3, 21: 2, 22: 2, 23: 1,
	}
)

// scene is something that happens: what, where, when, how often and in which words. The
// words follow the name of a spot and hold one that speaks for the category.
type scene struct {
	category string
	where    where
	hours    *hours
	weight   float64 // on a working day, of about 100
	rest     float64 // its factor on days off
	summer   float64 // its factor from June to September
	says     []string
}

// onCamera reports whether a camera over a road can see it.
func (s *scene) onCamera() bool {
	switch s.where {
	case compound, door, park, nowhere:
		return false
	default:
		return s.category != "shigong-raomin" // that is heard
	}
}

var scenes = []scene{
	{"luan-shetan", hospital, &rush, 11, 0.7, 1, []string{"门口有流动摊贩摆摊，挡住就诊的人", "门口的水果摊、早点摊占道经营", "外面小贩推车叫卖，救护车进不去"}},
	{"luan-shetan", breakfast, &morning, 5, 1.4, 1, []string{"周边有流动摊位设摊，人行道走不过去", "旁边多出几个早点摊，没有证"}},
	{"luan-shetan", university, &evening, 4, 1.1, 1.3, []string{"门口烧烤摊、水果摊摆摊", "外面地摊把人行道占满了"}},
	{"luan-shetan", metro, &rush, 4, 0.6, 1, []string{"出口有流动摊贩，早晚高峰走不动", "外面小贩设摊卖早点"}},
	{"luan-shetan", school, &rush, 2, 0.1, 0.6, []string{"放学时门口有小贩摆摊", "门口流动摊位卖零食"}},
	{"luan-shetan", road, &rush, 4, 1.2, 1.1, []string{"有马路摊占道经营", "路边有人摆摊卖菜"}},
	{"luan-shetan", beyond, &rush, 0.8, 1, 1, []string{"有流动摊贩占道", "路边摆摊的人很多"}},
	{"zaocan-shudao", breakfast, &overdue, 3, 1.2, 1, []string{"过了时间还在卖，早餐点不收摊", "超时，桌椅摆到车道上"}},
	{"ye-paidang", university, &night, 3, 1.3, 1.8, []string{"外面夜排挡摆到半夜", "旁边露天烧烤，夜宵摊很吵"}},
	{"ye-paidang", road, &night, 2, 1.3, 1.8, []string{"夜排档占道，烟很大", "大排档摆到马路上"}},
	{"weiting", hospital, &visits, 9, 0.5, 1, []string{"门口停车难，车辆乱停", "周边违法停车，车道只剩一条", "外面双排停车，公交过不去"}},
	{"weiting", school, &rush, 3, 0.1, 0.6, []string{"门口接送车违停", "门前双排停车，堵住出口"}},
	{"weiting", mall, &evening, 2, 1.8, 1, []string{"周边汽车停在人行道上", "门口违章停车排成一列"}},
	{"weiting", compound, &night, 3, 1, 1, []string{"消防车道停满车，是违停", "门口轿车停在人行道上"}},
	{"weiting", road, &daytime, 3, 0.9, 1, []string{"有机动车违法停车", "路边违停，非机动车只能走快车道"}},
	{"weiting", beyond, &daytime, 0.5, 1, 1, []string{"有车违法停车"}},
	{"heiche", metro, &evening, 2, 0.9, 1, []string{"出口有黑车拉客", "外面有人揽客，是黑车"}},
	{"heiche", corridor, &daytime, 1.5, 0.8, 1, []string{"沿线有黑车候客，非法营运", "路边黑车拉客"}},
	{"si-lei-che", hospital, &visits, 1.5, 0.8, 1, []string{"门口三轮车、残疾车载客", "外面有电动三轮等客"}},
	{"si-lei-che", metro, &rush, 1, 0.8, 1, []string{"外面电动三轮载客", "出口有四类车堵着"}},
	{"feijidongche-luanting", metro, &rush, 3, 0.5, 1, []string{"出口非机动车乱停放，占盲道", "外面共享单车堆满人行道"}},
	{"feijidongche-luanting", mall, &evening, 1.5, 1.5, 1, []string{"门口电瓶车乱停", "门前自行车乱停，行人走到车道上"}},
	{"wuzheng-xiche", corridor, &daytime, 1.5, 1.1, 1.1, []string{"沿线有路边洗车摊，污水流到路上", "有一家无证洗车"}},
	{"feipin-huishou", corridor, &daytime, 1.2, 0.9, 1, []string{"沿线废品回收站占道堆放", "有人收废品，堆得很高"}},
	{"kuamen-yingye", door, &daytime, 3, 1.1, 1, []string{"店家跨门营业，货摆到人行道", "店外经营，桌椅摆出店外"}},
	{"wuzheng-jingying", door, &daytime, 1, 0.3, 1, []string{"有店无照经营", "店里没有营业执照"}},
	{"shipin-anquan", door, &daytime, 1, 0.6, 1.4, []string{"饭店卫生很差，吃坏肚子", "卖过期食品"}},
	{"canyin-youyan", compound, &evening, 1.5, 1.2, 1.2, []string{"楼下饭店油烟味很重", "底楼餐饮油烟扰民"}},
	{"xiaofang-yinhuan", compound, &daytime, 1, 0.8, 1, []string{"楼道充电，有消防隐患", "安全出口锁闭，疏散通道堵了"}},
	{"qunzu", compound, &evening, 1.2, 0.6, 1, []string{"有人打隔断群租", "一套房住了十几个人，是群租房"}},
	{"weizhang-dajian", compound, &daytime, 1.5, 0.4, 1, []string{"有人在天井违章搭建", "顶楼私自搭建阳光房"}},
	{"baolu-laji", compound, &daytime, 4, 0.9, 1.4, []string{"门口生活垃圾没人清", "里面垃圾成堆，有异味"}},
	{"baolu-laji", road, &daytime, 3, 0.9, 1.3, []string{"有暴露垃圾", "路边垃圾满地"}},
	{"luan-duiwu", compound, &daytime, 1.5, 0.6, 1, []string{"楼道堆物，杂物堵住门", "有人乱堆放旧家具"}},
	{"luan-zhangtie", metro, &daytime, 1, 0.4, 1, []string{"出口墙上贴小广告", "外面乱张贴，电线箱上都是"}},
	{"luan-zhangtie", door, &daytime, 0.8, 0.4, 1, []string{"墙上乱张贴小广告"}},
	{"luan-liangshai", compound, &daytime, 0.8, 1.3, 0.8, []string{"绿化带上晾衣服", "有人在路边晒被子"}},
	{"jianzhu-laji", road, &night, 1.5, 0.8, 1, []string{"有人偷倒渣土", "夜里倒了一车建筑垃圾"}},
	{"huiluzhanlu", park, &daytime, 0.8, 1, 1, []string{"绿地被占，有人毁绿种菜", "绿化带停车，草坪压坏了"}},
	{"huwai-guanggao", mainRoad, &daytime, 0.8, 0.3, 1, []string{"有违规户外广告", "一块广告牌要掉下来"}},
	{"shigong-raomin", road, &night, 3, 0.8, 1.2, []string{"夜间施工，吵得睡不着", "工地噪音很大，半夜还在打桩"}},
	{"shigong-raomin", compound, &night, 1.5, 0.8, 1.2, []string{"旁边半夜施工扰民", "隔壁工地噪声整夜不停"}},
	{"wuzheng-juelu", road, &daytime, 0.4, 0.2, 1, []string{"有人无证掘路", "人行道被违规开挖"}},
	{"daolu-posun", road, &anyTime, 2.5, 0.6, 1, []string{"人行道破损，地砖松动", "路面坑洼，骑车危险"}},
	{"daolu-jishui", crossing, &anyTime, 0.6, 1, 5, []string{"积水很深", "路面积水，下水道堵塞"}},
	{"yinjinggai", road, &anyTime, 1.8, 0.8, 1.2, []string{"窨井盖缺损，有人差点摔倒", "井盖松动，车过响"}},
	{"xiaohuoshuan", road, &anyTime, 0.3, 0.5, 1, []string{"消火栓漏水", "一只消防栓被撞坏"}},
	{"dianligan", road, &anyTime, 0.5, 0.7, 1.6, []string{"电线杆倾斜", "架空线垂下来"}},
	{"jiaotong-xinhao", crossing, &anyTime, 0.8, 0.8, 1.2, []string{"红绿灯不亮", "信号灯故障，一直黄闪"}},
	{"daolu-hulan", mainRoad, &anyTime, 0.8, 0.8, 1, []string{"隔离护栏被撞倒", "道路护栏断了一截"}},
	{"gongjiao-zhanting", mainRoad, &daytime, 0.4, 0.6, 1, []string{"候车亭玻璃碎了", "公交站牌歪了"}},
	{"lajixiang", road, &daytime, 1.2, 1, 1.2, []string{"废物箱满了没人倒", "垃圾箱破损"}},
	{"xingdaoshu", road, &anyTime, 0.8, 0.9, 2, []string{"行道树树枝断了", "一棵树倒在路上"}},
	{"baolu-laji", nowhere, &daytime, 0.5, 1, 1, []string{"家门口垃圾没人清，请尽快处理", "这里垃圾成堆"}},
	{"shigong-raomin", nowhere, &night, 0.5, 1, 1, []string{"又在夜间施工，睡不着", "工地噪音太大了"}},
}

// channel is a way in: how such reports begin, their datum and how sure they are.
type channel struct {
	source, opens string
	camera        bool
	weight        float64
	wordsOnly     float64 // share without a point, where the words name a place
	datum         datum.Datum
	otherDatum    float64 // share in datum; the others are gcj02
	accuracy      [2]int  // metres, from and to
}

// channels: the first is that of callers, who alone report what no camera sees and name no place.
var channels = []channel{
	{"12345", "市民反映，", false, 55, 0.12, datum.BD09, 0.12, [2]int{20, 60}},
	{"巡查", "巡查发现，", false, 25, 0, datum.WGS84, 0.5, [2]int{10, 25}},
	{"视频", "视频发现，", true, 12, 0, datum.WGS84, 0.3, [2]int{10, 15}},
	{"微信", "网上反映，", false, 8, 0, datum.GCJ02, 0, [2]int{15, 50}},
}
